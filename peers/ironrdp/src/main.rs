//! `ironrdp-server` on an address, for one user, with a desktop of one colour.
//!
//! `ironrdp-peer ADDRESS none|tls|hybrid CERTIFICATE KEY USER PASSWORD`, each file with the ending `.pem`.

use std::net::SocketAddr;
use std::num::{NonZeroU16, NonZeroUsize};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use ironrdp_server::{
    BitmapUpdate, Credentials, DesktopSize, DisplayUpdate, PixelFormat, RdpServer,
    RdpServerDisplay, RdpServerDisplayUpdates, TlsIdentityCtx,
};

const SIZE: DesktopSize = DesktopSize {
    width: 640,
    height: 480,
};

/// The desktop.
struct Desktop;

/// What is drawn on it, again and again.
struct Colour;

#[async_trait::async_trait]
impl RdpServerDisplay for Desktop {
    async fn size(&mut self) -> DesktopSize {
        SIZE
    }

    async fn updates(&mut self) -> Result<Box<dyn RdpServerDisplayUpdates>> {
        Ok(Box::new(Colour))
    }
}

#[async_trait::async_trait]
impl RdpServerDisplayUpdates for Colour {
    async fn next_update(&mut self) -> Result<Option<DisplayUpdate>> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let width = NonZeroU16::new(64).context("no width")?;
        let height = NonZeroU16::new(64).context("no height")?;
        let stride = NonZeroUsize::new(64 * 4).context("no row")?;
        Ok(Some(DisplayUpdate::Bitmap(BitmapUpdate {
            x: 0,
            y: 0,
            width,
            height,
            format: PixelFormat::BgrA32,
            data: vec![0x40; 64 * 64 * 4].into(),
            stride,
        })))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, security, certificate, key, user, password] = words.as_slice() else {
        bail!("ironrdp-peer ADDRESS none|tls|hybrid CERTIFICATE KEY USER PASSWORD");
    };
    let address: SocketAddr = address.parse().context("no address")?;
    let identity = TlsIdentityCtx::init_from_paths(Path::new(certificate), Path::new(key))?;
    let builder = RdpServer::builder().with_addr(address);
    let secured = match security.as_str() {
        "none" => builder.with_no_security(),
        "tls" => builder.with_tls(identity.make_acceptor()?),
        "hybrid" => builder.with_hybrid(identity.make_acceptor()?, identity.pub_key),
        other => bail!("{other}: none, tls or hybrid"),
    };
    let mut server = secured
        .with_no_input()
        .with_display_handler(Desktop)
        .build();
    server.set_credentials(Some(Credentials {
        username: user.clone(),
        password: password.clone(),
        domain: None,
    }));
    server.run().await
}
