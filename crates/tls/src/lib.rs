//! TLS sessions without sockets, over OpenSSL or rustls.
