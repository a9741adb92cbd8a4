//! Threads of a server's own, so that it runs beside whatever started it.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

/// How long to wait where the system is out of file descriptors, which no event announces.
const BREATH: Duration = Duration::from_millis(50);

/// They end, and every connection with them, when this is dropped.
#[derive(Debug)]
pub(super) struct Threads(Option<Runtime>);

impl Threads {
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("server")
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Listens and handles each connection as given; returns where it listens.
    pub fn serve<S: Future<Output = ()> + Send + 'static>(
        &self,
        address: SocketAddr,
        handle: impl Fn(TcpStream) -> S + Send + 'static,
    ) -> io::Result<SocketAddr> {
        let runtime = self.0.as_ref().expect("it is there until it is dropped");
        let listener = std::net::TcpListener::bind(address).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
        })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let _inside = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        runtime.spawn(async move {
            loop {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        // Where it cannot be had, answers only come later.
                        let _ = stream.set_nodelay(true);
                        tokio::spawn(handle(stream));
                    }
                    Err(_) => tokio::time::sleep(BREATH).await,
                }
            }
        });
        Ok(address)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // Waiting for the threads would block, which is not allowed where futures run.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
