package explain

import (
	"fmt"
	"strings"

	"github.com/k8s-gateway/k8s_gateway/v2/internal/steer"
	"github.com/k8s-gateway/k8s_gateway/v2/internal/zone"
)

// Steering returns sentences that say what each filter did with the targets of a name, and why.
func (e *Explainer) Steering(steps []steer.Step) (list []string) {
	for i := range steps {
		list = append(list, e.step(&steps[i]))
	}
	return list
}

func (e *Explainer) step(s *steer.Step) string {
	because := ""
	if s.Why != "" {
		because = " (" + s.Why + ")"
	}
	total := "the only target"
	if s.Before > 1 {
		total = fmt.Sprintf("%d targets", s.Before)
	}
	switch n := s.After; {
	case s.Refused:
		return fmt.Sprintf("the filter %s! keeps nothing of %s%s", s.Filter, total, because)
	case s.FailedOpen:
		return fmt.Sprintf("the filter %s would keep nothing of %s, and so keeps all%s", s.Filter, total, because)
	case !s.Narrowed && s.Before == 1:
		return fmt.Sprintf("the filter %s keeps the only target, %s%s", s.Filter, e.objects(s.Kind, s.Kept), because)
	case !s.Narrowed:
		return fmt.Sprintf("the filter %s keeps all of %s%s", s.Filter, total, because)
	case n == s.Before:
		return fmt.Sprintf("the filter %s keeps some addresses of %s: %s%s", s.Filter, total, e.objects(s.Kind, s.Kept), because)
	default:
		return fmt.Sprintf("the filter %s keeps %d of %s: %s%s", s.Filter, n, total, e.objects(s.Kind, s.Kept), because)
	}
}

// objects returns the names of the objects of targets as text.
func (e *Explainer) objects(k *zone.Kind, targets []zone.Target) string {
	var list []string
	for i := range targets {
		t := &targets[i]
		if i > 0 && t.SameTarget(&targets[i-1]) {
			continue
		}
		if len(list) == maxReasons {
			list = append(list, "…")
			break
		}
		by := sourceOf(e.Kinds[k.Number].Parts[t.Part], t.Record)
		text := by.object()
		if id := t.Data.StatedOf().ID; id != "" {
			text += fmt.Sprintf(" %q", id)
		}
		if len(e.Clusters) > 1 {
			text += " of " + by.Cluster
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}
