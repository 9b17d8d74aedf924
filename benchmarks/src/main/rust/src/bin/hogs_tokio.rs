//! The peer of the benchmarks "hogs" and "sleeps" on Tokio: one thread runs the tasks. Same commands and answers as `HogPeer.java`; a
//! second thread waits for commands. Argument: the port.

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PERIOD: Duration = Duration::from_millis(100);
const SPREAD: Duration = Duration::from_millis(10);
const PAUSE: Duration = Duration::from_millis(100);
const SHORT: Duration = Duration::from_micros(50);
const LONG: Duration = Duration::from_millis(100);

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

async fn accept(listener: TcpListener) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(echo(stream));
    }
}

/// Nanoseconds from one instant to another, which may be the earlier one.
fn nanos(from: Instant, to: Instant) -> i64 {
    if to >= from {
        (to - from).as_nanos() as i64
    } else {
        -((from - to).as_nanos() as i64)
    }
}

/// Sleeps until deadlines a period apart, which do not move when it is late; how late it woke for each. Those that have
/// passed before it could sleep count, too.
async fn sleeper(mut deadline: Instant, period: Duration, end: Instant) -> Vec<i64> {
    let mut late = Vec::new();
    while deadline < end {
        let left = deadline.saturating_duration_since(Instant::now());
        if !left.is_zero() {
            tokio::time::sleep(left).await;
        }
        late.push(nanos(deadline, Instant::now()));
        deadline += period;
    }
    late
}

/// Computes in slices; how many there were.
async fn hog(yields: bool, end: Instant) -> u64 {
    let mut slices = 0;
    loop {
        let over = Instant::now() + if yields { SHORT } else { LONG };
        while Instant::now() < over {}
        slices += 1;
        if Instant::now() >= end {
            return slices;
        }
        if yields {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn run(workload: String, number: u32, end: Instant) -> String {
    let start = Instant::now();
    let (count, period) = match workload.as_str() {
        "sleeps" => {
            let period = Duration::from_micros(number.into());
            (1.max((period.as_nanos() / SPREAD.as_nanos()) as u32), period)
        }
        _ => (number, PERIOD),
    };
    let sleepers: Vec<_> = (0..count)
        .map(|i| tokio::spawn(sleeper(start + period + period * i / count, period, end)))
        .collect();
    let mut slices = 0;
    if workload == "yields" || workload == "holds" {
        slices = tokio::spawn(hog(workload == "yields", end)).await.unwrap();
    }
    let mut late = Vec::new();
    for sleeper in sleepers {
        late.append(&mut sleeper.await.unwrap());
    }
    late.sort_unstable();
    if late.is_empty() {
        return format!("0 slices={}", slices);
    }
    let at = |share: f64| late[((late.len() - 1) as f64 * share) as usize] as f64 / 1e6;
    format!(
        "{} late-p50-ms={:.4} late-p99-ms={:.4} late-p99.9-ms={:.4} late-worst-ms={:.4} early={} slices={}",
        late.len(),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0),
        late.iter().filter(|&&nanos| nanos < 0).count(),
        slices
    )
}

fn main() -> std::io::Result<()> {
    let port: u16 = std::env::args().nth(1).expect("a port").parse().expect("a port");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (sender, mut commands) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            sender.send(line.unwrap()).unwrap();
        }
    });
    runtime.block_on(async {
        tokio::spawn(accept(TcpListener::bind(("127.0.0.1", port)).await?));
        while let Some(line) = commands.recv().await {
            let words: Vec<String> = line.split_whitespace().map(str::to_string).collect();
            let end = Instant::now() + Duration::from_secs_f64(words[3].parse().unwrap());
            let answer = tokio::spawn(run(words[0].clone(), words[2].parse().unwrap(), end)).await.unwrap();
            println!("{}", answer);
            std::io::stdout().flush()?;
        }
        Ok(())
    })
}
