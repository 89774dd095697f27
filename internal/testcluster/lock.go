package testcluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// lock takes an exclusive lock on a file. The system gives it up when the
// process dies, so none is ever left behind.
func lock(ctx context.Context, file string, progress io.Writer) (unlock func(), err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return closing(f, err)
	}
	fmt.Fprintln(progress, "building the API server: waiting for another process that does")
	locked := make(chan error, 1)
	go func() { locked <- flock(f) }()
	select {
	case err := <-locked:
		return closing(f, err)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// flock waits for the lock on f.
func flock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// closing returns what gives up the lock on f, or closes f after an error.
func closing(f *os.File, err error) (func(), error) {
	if err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
