package testcluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// source is where the API server's own Go module lies, outDir where its binary
// goes, both relative to the root of the repository.
const (
	source = "test/apiserver"
	outDir = ".build"
	prefix = "apiserver-"
)

// Build returns the path of the API server's binary, and compiles it first if
// its module has changed since it was last built: about four minutes on two
// cores when nothing is cached. What it does is told to progress.
func Build(ctx context.Context, progress io.Writer) (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	src := filepath.Join(root, source)
	sum, err := sourceHash(src)
	if err != nil {
		return "", err
	}
	out := filepath.Join(root, outDir)
	binary := filepath.Join(out, prefix+sum)
	if exists(binary) {
		return binary, nil
	}

	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", err
	}
	unlock, err := lock(ctx, filepath.Join(out, "apiserver.lock"), progress)
	if err != nil {
		return "", err
	}
	defer unlock()
	if exists(binary) { // built by whoever had the lock
		return binary, nil
	}
	if err := compile(ctx, src, binary, progress); err != nil {
		return "", fmt.Errorf("building the API server: %w", err)
	}
	return binary, removeOthers(out, binary)
}

// compile builds the module in src into binary.
func compile(ctx context.Context, src, binary string, progress io.Writer) error {
	p := newProgress(progress, "building the API server")
	defer p.close()

	p.set("looking for modules")
	downloads := 0
	stale, err := goCommand(ctx, src, func(line string) {
		if strings.HasPrefix(line, "go: downloading ") {
			downloads++
			p.set(fmt.Sprintf("%d modules downloaded", downloads))
		}
	}, "list", "-trimpath", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", ".")
	if err != nil {
		return err
	}
	version, err := goCommand(ctx, src, nil, "list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes")
	if err != nil {
		return err
	}

	total, done := len(strings.Fields(stale)), 0
	p.set(fmt.Sprintf("0 of %d packages", total))
	partial := binary + ".partial"
	defer os.Remove(partial)
	// kubectl refuses a server without a proper version.
	ldflags := "-s -w -X k8s.io/component-base/version.gitVersion=" + strings.TrimSpace(version)
	_, err = goCommand(ctx, src, func(line string) {
		if isPackage(line) {
			done++
			p.set(fmt.Sprintf("%d of %d packages", done, total))
		}
	}, "build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", partial, ".")
	if err != nil {
		return err
	}
	p.set("done")
	return os.Rename(partial, binary)
}

// isPackage tells a line of go build -v that names a package from its other output.
func isPackage(line string) bool { return line != "" && !strings.ContainsAny(line, " :#") }

// sourceHash returns a hash of everything in dir that the binary is made of.
func sourceHash(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	files = append(files, filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum"))
	slices.Sort(files)
	hash := sha256.New()
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%s %d\n", filepath.Base(file), len(content))
		hash.Write(content)
	}
	return hex.EncodeToString(hash.Sum(nil))[:12], nil
}

// removeOthers deletes binaries of former sources.
func removeOthers(dir, keep string) error {
	old, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil {
		return err
	}
	for _, file := range old {
		if file == keep {
			continue
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
