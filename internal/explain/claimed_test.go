package explain

import (
	"testing"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/source"
)

// An object may arrive between the two passes of a census. Its CNAME is then not among the claims that were counted.
func TestCNAMEAfterCount(t *testing.T) {
	if why := (&claimed{}).cnameOutranked(&source.ServedKind{}, "a.example.net"); why != "" {
		t.Error(why)
	}
}
