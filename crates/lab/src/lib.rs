//! A server and a link that misbehave on purpose, and the scenarios that use them.
