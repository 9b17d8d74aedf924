//! The peer "tokio": one thread, one task for each connection, in straight-line code. Arguments: the port, and "http" or
//! "echo".

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";
const BATCH: usize = 64;

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

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let port: u16 = arguments[1].parse().expect("a port");
    let echoes = arguments[2] == "echo";
    let responses: &'static [u8] = RESPONSE.repeat(BATCH).leak(); // one for all connections, as in the other peers
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(async move { if echoes { echo(stream).await } else { http(stream, responses).await } });
        }
    })
}
