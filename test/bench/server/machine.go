package main

import (
	"bufio"
	"debug/buildinfo"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// describeMachine says what is measured, and where.
func describeMachine(coredns string) (string, error) {
	info, err := buildinfo.ReadFile(coredns)
	if err != nil {
		return "", fmt.Errorf("no CoreDNS: build it with `make build`: %w", err)
	}
	version := ""
	for _, dep := range info.Deps {
		if dep.Path == "github.com/coredns/coredns" {
			version = dep.Version
		}
	}
	return fmt.Sprintf("%s, %d cores; CoreDNS %s, %s", processor(), runtime.NumCPU(), version, info.GoVersion), nil
}

// processor returns the model of the processor.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
