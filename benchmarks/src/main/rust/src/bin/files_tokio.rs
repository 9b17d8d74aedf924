//! The peer of the benchmark "files" on Tokio: one thread runs the tasks, `tokio::fs` has a pool for the calls. Same
//! commands and answers as `files_floor.c`; `direct32` keeps 32 reads in flight.

use std::io::{BufRead, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

async fn hot(path: &str, block: usize, end: Instant) -> std::io::Result<u64> {
    let mut random = Xorshift(88172645463325252);
    let mut file = tokio::fs::File::open(path).await?;
    let blocks = file.metadata().await?.len() / block as u64;
    let mut buffer = vec![0u8; block];
    let mut operations = 0;
    while Instant::now() < end {
        for _ in 0..16 {
            file.seek(SeekFrom::Start(random.next() % blocks * block as u64)).await?;
            file.read_exact(&mut buffer).await?;
            operations += 1;
        }
    }
    Ok(operations)
}

async fn whole(path: &str, end: Instant) -> std::io::Result<u64> {
    let mut operations = 0;
    while Instant::now() < end {
        let content = tokio::fs::read(path).await?;
        assert!(!content.is_empty());
        operations += 1;
    }
    Ok(operations)
}

async fn stat(path: &str, end: Instant) -> std::io::Result<u64> {
    let mut operations = 0;
    while Instant::now() < end {
        for _ in 0..16 {
            tokio::fs::metadata(path).await?;
            drop(tokio::fs::File::open(path).await?);
            operations += 1;
        }
    }
    Ok(operations)
}

async fn append(path: &str, block: usize, end: Instant) -> std::io::Result<u64> {
    let buffer = vec![0u8; block];
    let mut operations = 0;
    let mut file = tokio::fs::OpenOptions::new().append(true).create(true).open(path).await?;
    while Instant::now() < end {
        file.write_all(&buffer).await?;
        file.flush().await?;
        file.sync_data().await?;
        operations += 1;
    }
    tokio::fs::remove_file(path).await?;
    Ok(operations)
}

/// Memory whose start is a multiple of 4096, as `O_DIRECT` wants it.
struct Aligned {
    memory: Vec<u8>,
    start: usize,
}

impl Aligned {
    fn new(block: usize) -> Self {
        let memory = vec![0u8; block + 4096];
        let start = memory.as_ptr().align_offset(4096);
        Aligned { memory, start }
    }

    fn bytes(&mut self, block: usize) -> &mut [u8] {
        let start = self.start;
        &mut self.memory[start..start + block]
    }
}

async fn direct(path: &str, block: usize, depth: u64, end: Instant) -> std::io::Result<u64> {
    use std::os::unix::fs::OpenOptionsExt;
    const O_DIRECT: i32 = if cfg!(target_arch = "aarch64") { 0x10000 } else { 0x4000 };
    let file = Arc::new(std::fs::OpenOptions::new().read(true).custom_flags(O_DIRECT).open(path)?);
    let blocks = file.metadata()?.len() / block as u64;
    let tasks: Vec<_> = (0..depth)
        .map(|i| {
            let file = file.clone();
            tokio::spawn(async move {
                let mut random = Xorshift(88172645463325252 + i);
                let mut buffer = Aligned::new(block);
                let mut operations = 0;
                while Instant::now() < end {
                    let offset = random.next() % blocks * block as u64;
                    let file = file.clone();
                    buffer = tokio::task::spawn_blocking(move || {
                        file.read_exact_at(buffer.bytes(block), offset).map(|_| buffer)
                    })
                    .await
                    .unwrap()?;
                    operations += 1;
                }
                Ok::<u64, std::io::Error>(operations)
            })
        })
        .collect();
    let mut operations = 0;
    for task in tasks {
        operations += task.await.unwrap()?;
    }
    Ok(operations)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(4)
        .build()
        .unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        let (path, block) = (words[1], words[2].parse::<usize>().unwrap());
        let end = Instant::now() + Duration::from_secs_f64(words[3].parse().unwrap());
        let operations = runtime.block_on(async {
            Some(match words[0] {
                "hot" => hot(path, block, end).await,
                "whole" => whole(path, end).await,
                "stat" => stat(path, end).await,
                "append" => append(path, block, end).await,
                "direct1" => direct(path, block, 1, end).await,
                "direct32" => direct(path, block, 32, end).await,
                _ => return None,
            })
        });
        match operations {
            Some(operations) => println!("{}", operations.unwrap()),
            None => println!("none"),
        }
        std::io::stdout().flush().unwrap();
    }
}
