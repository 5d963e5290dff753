module sharewell/bench/klauspost

go 1.23

require (
	github.com/klauspost/reedsolomon v1.12.4
	golang.org/x/sys v0.24.0
)

require github.com/klauspost/cpuid/v2 v2.2.8 // indirect
