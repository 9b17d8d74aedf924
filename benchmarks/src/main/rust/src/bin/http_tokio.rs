//! The peer "tokio": one thread, one task for each connection, in straight-line code. Arguments: the port, and "http",
//! "echo", or "front" and the backend's port.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";
const BATCH: usize = 64;
const MESSAGE: usize = 64;

/// How many request heads end in these bytes; `matched` is how much of CRLFCRLF the bytes so far end with.
fn count(matched: &mut usize, bytes: &[u8]) -> usize {
    let mut heads = 0;
    for &b in bytes {
        if b == if *matched & 1 == 0 { b'\r' } else { b'\n' } {
            *matched += 1;
            if *matched == 4 {
                heads += 1;
                *matched = 0;
            }
        } else {
            *matched = usize::from(b == b'\r');
        }
    }
    heads
}

async fn http(mut stream: TcpStream, responses: &'static [u8]) -> std::io::Result<()> {
    let mut buffer = [0u8; 4096];
    let mut matched = 0;
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        let mut left = count(&mut matched, &buffer[..n]);
        while left > 0 {
            let now = left.min(BATCH);
            stream.write_all(&responses[..now * RESPONSE.len()]).await?;
            left -= now;
        }
    }
}

async fn echo(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = [0u8; 16384];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..n]).await?;
    }
}

/// Answers each request when its message has come back from the backend; the message begins with a number.
async fn front(mut client: TcpStream, backend: u16) -> std::io::Result<()> {
    let mut buffer = [0u8; 4096];
    let (mut message, mut echo) = ([0u8; MESSAGE], [0u8; MESSAGE]);
    let (mut matched, mut number) = (0, 0u64);
    let mut n = client.read(&mut buffer).await?;
    if n == 0 {
        return Ok(());
    }
    let mut backend = TcpStream::connect(("127.0.0.1", backend)).await?;
    backend.set_nodelay(true)?;
    while n > 0 {
        for _ in 0..count(&mut matched, &buffer[..n]) {
            number += 1;
            message[..8].copy_from_slice(&number.to_be_bytes());
            backend.write_all(&message).await?;
            backend.read_exact(&mut echo).await?;
            if echo[..8] != message[..8] {
                return Err(std::io::ErrorKind::InvalidData.into());
            }
            client.write_all(RESPONSE).await?;
        }
        n = client.read(&mut buffer).await?;
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let port: u16 = arguments[1].parse().expect("a port");
    let echoes = arguments[2] == "echo";
    let backend: Option<u16> = arguments.get(3).map(|port| port.parse().expect("the backend's port"));
    let responses: &'static [u8] = RESPONSE.repeat(BATCH).leak(); // one for all connections, as in the other peers
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(async move {
                match backend {
                    Some(port) => front(stream, port).await,
                    None if echoes => echo(stream).await,
                    None => http(stream, responses).await,
                }
            });
        }
    })
}
