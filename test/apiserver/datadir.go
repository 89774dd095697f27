package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// The files of a data directory. The process works inside it, so these names
// are used as they stand; that also keeps the paths of etcd's sockets short.
const (
	logFile        = "apiserver.log"
	portFile       = "port"
	kubeconfigFile = "kubeconfig"
)

// dataDir is a data directory and what is read from it.
type dataDir struct {
	dir   string
	port  int
	creds *credentials
}

// openDataDir makes dir the working directory and reads the port and the
// credentials in it, or makes them when they are not there yet.
func openDataDir(dir string, port int) (*dataDir, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chdir(dir); err != nil {
		return nil, err
	}
	d := &dataDir{dir: dir}
	if d.port, err = choosePort(port); err != nil {
		return nil, err
	}
	if d.creds, err = loadCredentials(); err != nil {
		return nil, err
	}
	return d, writeKubeconfig(d)
}

// path returns the full path of a file of the directory.
func (d *dataDir) path(name string) string { return filepath.Join(d.dir, name) }

// server returns the address clients use.
func (d *dataDir) server() string { return fmt.Sprintf("https://127.0.0.1:%d", d.port) }

// choosePort returns the port asked for, else the one this directory had
// before, else a free one, and remembers it.
func choosePort(port int) (int, error) {
	if port == 0 {
		b, err := os.ReadFile(portFile)
		if err == nil {
			return strconv.Atoi(strings.TrimSpace(string(b)))
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return 0, err
		}
		if port, err = freePort(); err != nil {
			return 0, err
		}
	}
	return port, os.WriteFile(portFile, []byte(strconv.Itoa(port)+"\n"), 0o600)
}

// freePort finds a port below the range that systems take client ports from:
// while the server is down, no connection can sit on the port it comes back to.
func freePort() (int, error) {
	for range 100 {
		port := 16384 + rand.IntN(16384)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		return port, l.Close()
	}
	return 0, errors.New("no free port on 127.0.0.1")
}

// logTo points file descriptor 2 at a log file, so that everything linked in
// here logs there, panics included. It returns the former standard error.
func logTo(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	fd, err := unix.FcntlInt(os.Stderr.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	stderr := os.NewFile(uintptr(fd), "stderr")
	return stderr, unix.Dup2(int(f.Fd()), int(os.Stderr.Fd()))
}

// absolute makes paths independent of the working directory.
func absolute(paths []string) ([]string, error) {
	out := make([]string, len(paths))
	for i, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, err
		}
		out[i] = abs
	}
	return out, nil
}
