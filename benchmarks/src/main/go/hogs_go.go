// The peer of the benchmarks "hogs" and "sleeps" in Go: one thread at a time runs goroutines (GOMAXPROCS=1). Same commands and answers as
// HogPeer.java. Argument: the port.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"
)

const (
	spread = 10 * time.Millisecond
	pause  = 100 * time.Millisecond
	short  = 50 * time.Microsecond
	long   = 100 * time.Millisecond
)

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func echo(stream net.Conn) {
	defer stream.Close()
	buffer := make([]byte, 16384)
	for {
		n, err := stream.Read(buffer)
		if err != nil {
			return
		}
		if _, err := stream.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func accept(listener net.Listener) {
	for {
		stream, err := listener.Accept() // sets TCP_NODELAY, as all of Go's connections
		if err != nil {
			fail(err)
		}
		go echo(stream)
	}
}

// Sleeps until deadlines a period apart, which do not move when it is late; how late it woke for each, in nanoseconds. Those
// that have passed before it could sleep count, too.
func sleeper(deadline time.Time, period time.Duration, end time.Time, result chan<- []int64) {
	var late []int64
	for ; deadline.Before(end); deadline = deadline.Add(period) {
		if left := time.Until(deadline); left > 0 {
			time.Sleep(left)
		}
		late = append(late, time.Since(deadline).Nanoseconds())
	}
	result <- late
}

// Computes in slices; how many there were.
func hog(yields bool, end time.Time, result chan<- int64) {
	slice := long
	if yields {
		slice = short
	}
	for slices := int64(1); ; slices++ {
		for over := time.Now().Add(slice); time.Now().Before(over); {
		}
		if !time.Now().Before(end) {
			result <- slices
			return
		}
		if yields {
			runtime.Gosched()
		} else {
			time.Sleep(pause)
		}
	}
}

func run(workload string, number int, end time.Time) string {
	period := 100 * time.Millisecond
	if workload == "sleeps" {
		period = time.Duration(number) * time.Microsecond
		number = int(period / spread)
		if number == 0 {
			number = 1
		}
	}
	start := time.Now().Add(period)
	results := make(chan []int64, number)
	for i := 0; i < number; i++ {
		go sleeper(start.Add(period*time.Duration(i)/time.Duration(number)), period, end, results)
	}
	slices := int64(0)
	if workload == "yields" || workload == "holds" {
		result := make(chan int64, 1)
		go hog(workload == "yields", end, result)
		slices = <-result
	}
	var late []int64
	for i := 0; i < number; i++ {
		late = append(late, <-results...)
	}
	if len(late) == 0 {
		return fmt.Sprintf("0 slices=%d", slices)
	}
	sort.Slice(late, func(i, j int) bool { return late[i] < late[j] })
	early := sort.Search(len(late), func(i int) bool { return late[i] >= 0 })
	at := func(share float64) float64 { return float64(late[int(float64(len(late)-1)*share)]) / 1e6 }
	return fmt.Sprintf("%d late-p50-ms=%.4f late-p99-ms=%.4f late-p99.9-ms=%.4f late-worst-ms=%.4f early=%d slices=%d",
		len(late), at(0.5), at(0.99), at(0.999), at(1), early, slices)
}

func main() {
	runtime.GOMAXPROCS(1)
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		fail(err)
	}
	go accept(listener)
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		words := strings.Fields(commands.Text())
		number, err := strconv.Atoi(words[2])
		if err != nil {
			fail(err)
		}
		seconds, err := strconv.ParseFloat(words[3], 64)
		if err != nil {
			fail(err)
		}
		fmt.Println(run(words[0], number, time.Now().Add(time.Duration(seconds*1e9))))
	}
}
