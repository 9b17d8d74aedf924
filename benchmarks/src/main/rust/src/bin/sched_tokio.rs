//! The peer of the benchmark "sched" on Tokio: one thread runs the tasks. Same commands and answers as `sched_floor.c`; the
//! bytes are those that its allocator hands out.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

const BATCH: usize = 1000;

struct Counting;

static ALLOCATED: AtomicU64 = AtomicU64::new(0);

// There is one thread, so this costs an addition, not a locked one.
fn count(layout: Layout) {
    ALLOCATED.store(ALLOCATED.load(Relaxed) + layout.size() as u64, Relaxed);
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout);
        System.alloc(layout)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        System.dealloc(memory, layout)
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

async fn spawn(at_once: usize, end: Instant) -> u64 {
    let ran = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::with_capacity(at_once);
    while Instant::now() < end {
        for _ in 0..BATCH.div_ceil(at_once) {
            for _ in 0..at_once {
                let ran = ran.clone();
                tasks.push(tokio::spawn(async move { ran.store(ran.load(Relaxed) + 1, Relaxed) }));
            }
            for task in tasks.drain(..) {
                task.await.unwrap();
            }
        }
    }
    ran.load(Relaxed)
}

async fn yields(tasks: usize, end: Instant) -> u64 {
    let ran = Arc::new(AtomicU64::new(0));
    let all: Vec<_> = (0..tasks)
        .map(|_| {
            let ran = ran.clone();
            tokio::spawn(async move {
                while Instant::now() < end {
                    for _ in 0..BATCH {
                        tokio::task::yield_now().await;
                        ran.store(ran.load(Relaxed) + 1, Relaxed);
                    }
                }
            })
        })
        .collect();
    for task in all {
        task.await.unwrap();
    }
    ran.load(Relaxed)
}

/// Two tasks wait in turn; each wakes the other.
async fn hop(end: Instant) -> u64 {
    let pair = Arc::new((Notify::new(), Notify::new()));
    let theirs = pair.clone();
    let other = tokio::spawn(async move {
        loop {
            theirs.1.notified().await;
            theirs.0.notify_one();
        }
    });
    let mut hops = 0;
    while Instant::now() < end {
        for _ in 0..BATCH {
            pair.1.notify_one();
            pair.0.notified().await;
            hops += 2;
        }
    }
    other.abort();
    hops
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let number: usize = words[2].parse().unwrap();
        let end = Instant::now() + Duration::from_secs_f64(words[3].parse().unwrap());
        let before = ALLOCATED.load(Relaxed);
        let ran = match words[0] {
            "spawn" => runtime.block_on(async { tokio::spawn(spawn(number, end)).await.unwrap() }),
            "yield" => runtime.block_on(async { tokio::spawn(yields(number, end)).await.unwrap() }),
            "hop" => runtime.block_on(async { tokio::spawn(hop(end)).await.unwrap() }),
            _ => 0,
        };
        if ran == 0 {
            println!("none");
        } else {
            println!("{} bytes/op={:.2}", ran, (ALLOCATED.load(Relaxed) - before) as f64 / ran as f64);
        }
        std::io::stdout().flush().unwrap();
    }
}
