package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
)

var perObject = regexp.MustCompile(`(\w+): (\d+) bytes\n`)

// heap has the plugin's own test say what an object costs in live heap.
func (b *bench) heap(ctx context.Context) error {
	say("live heap per object: go test -run TestHeap")
	output, err := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run=^TestHeap$", "github.com/k8s-gateway/k8s_gateway/v2/test/inprocess").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, bytes.TrimSpace(output))
	}
	var kinds, sizes []string
	for _, match := range perObject.FindAllSubmatch(output, -1) {
		kinds, sizes = append(kinds, string(match[1])), append(sizes, string(match[2]))
	}
	if len(kinds) == 0 {
		return fmt.Errorf("TestHeap printed no figures: %s", bytes.TrimSpace(output))
	}
	b.add("live heap per "+strings.Join(kinds, ", "), "≤ 700, 600, 600 bytes", "%s bytes", strings.Join(sizes, ", "))
	return nil
}
