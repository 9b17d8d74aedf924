//! The peers of the benchmark "memory" on Tokio: one thread runs the tasks. Arguments: "connections" and the port, a server
//! as `EpolloIdle.java`; or "sleeps", with the commands and answers of `Sleepers.java`.

use std::io::{BufRead, Write};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::{yield_now, JoinHandle};
use tokio::time::sleep;

const BUFFER: usize = 64;
const LONG: Duration = Duration::from_secs(3600);
const SETTLE: Duration = Duration::from_millis(500);
const BATCH: usize = 1000;

async fn echo(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = [0u8; BUFFER];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..n]).await?;
    }
}

async fn accept(port: u16) -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(echo(stream));
    }
}

/// Starts sleeps, or ends the latest, until there are so many.
async fn hold(mut sleeps: Vec<JoinHandle<()>>, number: usize) -> Vec<JoinHandle<()>> {
    while sleeps.len() < number {
        sleeps.push(tokio::spawn(sleep(LONG)));
        if sleeps.len() % BATCH == 0 {
            yield_now().await; // until these wait
        }
    }
    while sleeps.len() > number {
        sleeps.pop().unwrap().abort();
        if sleeps.len() % BATCH == 0 {
            yield_now().await; // until these have ended
        }
    }
    sleep(SETTLE).await;
    sleeps
}

fn serve_sleeps(runtime: Runtime) -> std::io::Result<()> {
    let mut sleeps = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let number = line?.split_whitespace().nth(2).expect("a number").parse().expect("a number");
        // A task goes to the end of the queue when it yields; what block_on polls would not.
        sleeps = runtime.block_on(runtime.spawn(hold(sleeps, number))).unwrap();
        println!("{}", number);
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match arguments[1].as_str() {
        "connections" => runtime.block_on(accept(arguments[2].parse().expect("a port"))),
        "sleeps" => serve_sleeps(runtime),
        other => panic!("no peer {}", other),
    }
}
