// The peer of the benchmark "channels" in Go: one thread at a time runs goroutines (GOMAXPROCS=1). Same commands and answers as
// ChannelPeer.java; the values are pointers. A channel without a limit is not to be had there.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const batch = 64

var value int

func alone(capacity int, end time.Time) int {
	values := make(chan *int, capacity)
	received := 0
	for time.Now().Before(end) {
		for i := 0; i < batch; i++ {
			values <- &value
			<-values
			received++
		}
	}
	return received
}

func pass(capacity int, end time.Time) int {
	values := make(chan *int, capacity)
	go func() {
		for time.Now().Before(end) {
			for i := 0; i < batch; i++ {
				values <- &value
			}
		}
		close(values)
	}()
	received := 0
	for range values {
		received++
	}
	return received
}

func main() {
	runtime.GOMAXPROCS(1)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		capacity, err := strconv.Atoi(words[2])
		if err != nil {
			panic(err)
		}
		seconds, err := strconv.ParseFloat(words[3], 64)
		if err != nil {
			panic(err)
		}
		end := time.Now().Add(time.Duration(seconds * 1e9))
		received := 0
		switch words[0] {
		case "alone":
			received = alone(capacity, end)
		case "pass":
			received = pass(capacity, end)
		case "rendezvous":
			received = pass(0, end)
		}
		if received == 0 {
			fmt.Println("none")
		} else {
			fmt.Println(received)
		}
	}
}
