// Command klauspost encodes and rebuilds with github.com/klauspost/reedsolomon (leopard) as it is asked on stdin, one line
// each: `act vector n t bytes times`. It answers with the milliseconds of processor time that the runs took.
//
// act: encode; all (every data shard lost, as far as parity goes); tenth (every tenth shard lost, data and parity, of which
// the data are rebuilt).
// vector: ssse3 (128 bits wide, as WebAssembly is); best (whatever the processor has).
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"runtime"

	"github.com/klauspost/reedsolomon"
	"golang.org/x/sys/unix"
)

type work struct {
	encoder reedsolomon.Encoder
	shards  [][]byte
}

func processorTime() float64 {
	var spec unix.Timespec
	check(unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &spec))
	return float64(spec.Nano()) / 1e6
}

func prepare(vector string, n, t, length int) *work {
	options := []reedsolomon.Option{reedsolomon.WithLeopardGF(true), reedsolomon.WithMaxGoroutines(1)}
	if vector == "ssse3" {
		options = append(options, reedsolomon.WithAVX2(false), reedsolomon.WithAVX512(false),
			reedsolomon.WithGFNI(false), reedsolomon.WithAVXGFNI(false))
	}
	encoder, err := reedsolomon.New(t, n-t, options...)
	check(err)
	size := (length/t + 63) / 64 * 64
	shards := make([][]byte, n)
	for i := range shards {
		shards[i] = make([]byte, size)
		if i < t {
			_, err := rand.Read(shards[i])
			check(err)
		}
	}
	check(encoder.Encode(shards))
	return &work{encoder: encoder, shards: shards}
}

func (w *work) run(act string, t int) {
	if act == "encode" {
		check(w.encoder.Encode(w.shards))
		return
	}
	size := len(w.shards[1])
	for i := range w.shards {
		if isLost(act, i, len(w.shards), t) {
			w.shards[i] = w.shards[i][:0]
		}
	}
	check(w.encoder.ReconstructData(w.shards))
	// Parity that was lost stays so; the next run begins with all shards.
	for i := t; i < len(w.shards); i++ {
		w.shards[i] = w.shards[i][:size]
	}
}

func isLost(act string, i, n, t int) bool {
	if act == "tenth" {
		return i%10 == 3
	}
	return i < min(t, n-t)
}

func main() {
	runtime.GOMAXPROCS(1)
	var key string
	var current *work
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var act, vector string
		var n, t, length, times int
		_, err := fmt.Sscanf(lines.Text(), "%s %s %d %d %d %d", &act, &vector, &n, &t, &length, &times)
		check(err)
		if named := fmt.Sprint(vector, n, t, length); named != key {
			key, current = named, prepare(vector, n, t, length)
		}
		before := bytes.Clone(current.shards[3])
		start := processorTime()
		for i := 0; i < times; i++ {
			current.run(act, t)
		}
		spent := processorTime() - start
		if !bytes.Equal(before, current.shards[3]) {
			panic("what was rebuilt is not what was lost")
		}
		fmt.Println(spent)
	}
	check(lines.Err())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
