//! The peer of the benchmark "channels" on Tokio: one thread runs the tasks. Same commands and answers as `ChannelPeer.java`; the
//! values are pointers. What waits for who takes is not to be had there.

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const BATCH: usize = 64;

static VALUE: u64 = 0;

async fn alone(capacity: usize, end: Instant) -> u64 {
    let (sender, mut receiver) = mpsc::channel::<&'static u64>(capacity);
    let mut received = 0;
    while Instant::now() < end {
        for _ in 0..BATCH {
            sender.send(&VALUE).await.unwrap();
            receiver.recv().await.unwrap();
            received += 1;
        }
    }
    received
}

async fn pass(capacity: usize, end: Instant) -> u64 {
    let (sender, mut receiver) = mpsc::channel::<&'static u64>(capacity);
    let receiving = tokio::spawn(async move {
        let mut received = 0;
        while receiver.recv().await.is_some() {
            received += 1;
        }
        received
    });
    tokio::spawn(async move {
        while Instant::now() < end {
            for _ in 0..BATCH {
                sender.send(&VALUE).await.unwrap();
            }
        }
    });
    receiving.await.unwrap()
}

async fn unbounded(end: Instant) -> u64 {
    let (sender, mut receiver) = mpsc::unbounded_channel::<&'static u64>();
    let receiving = tokio::spawn(async move {
        let mut received = 0;
        while receiver.recv().await.is_some() {
            received += 1;
        }
        received
    });
    tokio::spawn(async move {
        while Instant::now() < end {
            for _ in 0..BATCH {
                sender.send(&VALUE).unwrap();
            }
            tokio::task::yield_now().await; // sending never waits, and nobody else would run
        }
    });
    receiving.await.unwrap()
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let capacity: usize = words[2].parse().unwrap();
        let end = Instant::now() + Duration::from_secs_f64(words[3].parse().unwrap());
        let received = match words[0] {
            "alone" => runtime.block_on(async { tokio::spawn(alone(capacity, end)).await.unwrap() }),
            "pass" => runtime.block_on(pass(capacity, end)),
            "unbounded" => runtime.block_on(unbounded(end)),
            _ => 0,
        };
        if received == 0 {
            println!("none");
        } else {
            println!("{}", received);
        }
        std::io::stdout().flush().unwrap();
    }
}
