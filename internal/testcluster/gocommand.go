package testcluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// module is the line that marks the go.mod at the root of the repository.
const module = "module github.com/k8s-gateway/k8s_gateway/v2"

// repository returns the root of the repository the process works in.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if first, _, _ := strings.Cut(string(mod), "\n"); err == nil && strings.TrimSpace(first) == module {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", errors.New("the working directory is not in the k8s_gateway repository")
		}
		dir = filepath.Dir(dir)
	}
}

// goCommand runs the go command in dir and returns its standard output. Each
// line of standard error goes to onLine as it comes.
func goCommand(ctx context.Context, dir string, onLine func(string), args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	// Without C the outcome does not depend on the compiler of the machine,
	// and the build cache not on who asks.
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	// Ask first: a killed go command leaves the compilers it started behind.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopTimeout
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return "", errors.New("the go command is not in PATH")
		}
		return "", err
	}
	var lines []string
	for scanner := bufio.NewScanner(stderr); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if onLine != nil {
			onLine(scanner.Text())
		}
	}
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", explain(args[0], lines, err)
	}
	return stdout.String(), nil
}

// Parts of what the go command says when something outside this repository is
// wrong.
var (
	oldGo     = []string{"requires go >= ", "module requires Go "}
	noNetwork = []string{
		"dial tcp", "dial udp", "no such host", "i/o timeout", "proxyconnect", "TLS handshake timeout",
		"module lookup disabled by GOPROXY", "toolchain not available",
	}
)

// explain makes one line of what the go command wrote before it failed.
func explain(command string, lines []string, err error) error {
	var said []string
	for _, line := range lines {
		line = strings.TrimSpace(line)
		switch {
		case isPackage(line), strings.HasPrefix(line, "go: downloading "):
		case containsAny(line, oldGo):
			return fmt.Errorf("go is too old: %s", strings.TrimPrefix(line, "go: "))
		case containsAny(line, noNetwork):
			return fmt.Errorf("cannot download Go modules, is there a network? %s", strings.TrimPrefix(line, "go: "))
		default:
			said = append(said, line)
		}
	}
	return fmt.Errorf("go %s: %w: %s", command, err, strings.Join(said, "; "))
}

func containsAny(line string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(line, part) {
			return true
		}
	}
	return false
}
