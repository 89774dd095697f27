package testcluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// crdModules are the modules that the CRDs come with, at the versions in
// go.mod, and where in them the released channel lies.
var crdModules = map[string]string{
	"sigs.k8s.io/gateway-api":  "config/crd/standard",
	"sigs.k8s.io/external-dns": "config/crd/standard",
}

// StandardCRDs returns the directories of the CRDs that the plugin reads.
func StandardCRDs(ctx context.Context) ([]string, error) {
	root, err := repository()
	if err != nil {
		return nil, err
	}
	args := []string{"mod", "download", "-json"}
	for module := range crdModules {
		args = append(args, module)
	}
	// Unlike go list, this fetches a module that is not there yet.
	out, err := goCommand(ctx, root, nil, args...)
	if err != nil {
		return nil, fmt.Errorf("looking for CRDs: %w", err)
	}
	var dirs []string
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var module struct{ Path, Dir string }
		if err := d.Decode(&module); errors.Is(err, io.EOF) {
			return dirs, nil
		} else if err != nil {
			return nil, fmt.Errorf("looking for CRDs: %w", err)
		}
		dirs = append(dirs, filepath.Join(module.Dir, crdModules[module.Path]))
	}
}
