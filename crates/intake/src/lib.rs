//! Files people hand us, read into observations and damage.
