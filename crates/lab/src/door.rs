//! Takes in TCP connections, so many at once and no more.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// A listening socket, and the tasks that carry what came in by it. They end with it.
pub(crate) struct Door {
    listener: TcpListener,
    room: Arc<Semaphore>,
    connections: JoinSet<()>,
}

impl Door {
    /// Every connection takes a place in `room`, which other doors may share.
    pub fn new(listener: TcpListener, room: Arc<Semaphore>) -> Self {
        Self {
            listener,
            room,
            connections: JoinSet::new(),
        }
    }

    /// The socket itself.
    pub const fn listener(&self) -> &TcpListener {
        &self.listener
    }

    /// Waits for the next connection, and for a place, which is free again when it is dropped.
    pub async fn next(&mut self) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        let place = Arc::clone(&self.room).acquire_owned().await.ok()?;
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => return Some((stream, place)),
                    // The client was gone before it was its turn, or descriptors ran out for a moment.
                    Err(_) => sleep(Duration::from_millis(10)).await,
                },
                Some(_) = self.connections.join_next() => {}
            }
        }
    }

    /// Carries a connection.
    pub fn carry(&mut self, connection: impl Future<Output = ()> + Send + 'static) {
        self.connections.spawn(connection);
    }

    /// Takes in no more, and waits until what is carried has ended.
    pub async fn settle(&mut self) {
        while self.connections.join_next().await.is_some() {}
    }

    /// The same with the socket closed, so that whoever comes is refused.
    pub async fn shut(mut self) {
        drop(self.listener);
        while self.connections.join_next().await.is_some() {}
    }
}
