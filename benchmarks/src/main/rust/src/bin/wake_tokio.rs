//! The peer of the benchmark "wake" on Tokio: the main thread spawns bursts on a runtime that has a thread of its own. Same
//! commands and answers as `WakePeer.java`, and the same pauses.

use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

const MOST: usize = 1 << 20;
const PAUSE: Duration = Duration::from_micros(50);

static RAN: AtomicU64 = AtomicU64::new(0);
static LATENCIES: Mutex<Vec<u64>> = Mutex::new(Vec::new());

// Tasks take turns on one thread; the order is that of a volatile field.
fn count() {
    RAN.store(RAN.load(SeqCst) + 1, SeqCst);
}

fn writes() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap();
    let line = io.lines().find_map(|line| line.strip_prefix("syscw: "));
    line.unwrap().parse().unwrap()
}

fn burst(handle: &Handle, size: u64, end: Instant) -> String {
    LATENCIES.lock().unwrap().clear();
    RAN.store(0, SeqCst);
    let mut bursts = 0;
    let before = writes();
    loop {
        std::thread::park_timeout(PAUSE);
        let sent = Instant::now();
        handle.spawn(async move {
            let mut latencies = LATENCIES.lock().unwrap(); // nobody else wants it until all have run
            if latencies.len() < MOST {
                latencies.push(sent.elapsed().as_nanos() as u64);
            }
            drop(latencies);
            count();
        });
        for _ in 1..size {
            handle.spawn(async { count() });
        }
        bursts += 1;
        while RAN.load(SeqCst) < bursts * size {
            std::thread::park_timeout(PAUSE);
        }
        if Instant::now() >= end {
            break;
        }
    }
    let written = writes() - before;
    let mut latencies = LATENCIES.lock().unwrap();
    latencies.sort_unstable();
    format!(
        "{} p50-us={:.2} p99-us={:.2} writes/burst={:.3}",
        bursts * size,
        latencies[latencies.len() / 2] as f64 / 1e3,
        latencies[latencies.len() * 99 / 100] as f64 / 1e3,
        written as f64 / bursts as f64
    )
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    LATENCIES.lock().unwrap().reserve(MOST);
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let end = Instant::now() + Duration::from_secs_f64(words[3].parse().unwrap());
        match words[0] {
            "burst" => println!("{}", burst(&handle, words[2].parse().unwrap(), end)),
            _ => println!("none"),
        }
        std::io::stdout().flush().unwrap();
    }
}
