//! The program against real servers: xrdp, FreeRDP's shadow server, IronRDP's, OpenSSH, nginx and proxies, each with a real fault,
//! in network namespaces of the test's own. They need root on Linux; `cargo xtask test` installs the servers
//! and leaves these tests out, aloud, where they cannot run. Run directly, they fail there.

mod certificates;
mod distance;
mod doctor;
mod machine;
mod network;
mod node;
mod others;
mod servers;

mod assistant;
mod authenticate;
mod browser;
mod cut_off;
mod desktop;
mod gateway;
mod healthy;
mod hops;
mod inspect;
mod ironrdp;
mod kerberos;
mod listen;
mod mend;
mod names;
mod negotiate;
mod older_way;
mod path;
mod reach;
mod samba;
mod secure;
mod survey;
