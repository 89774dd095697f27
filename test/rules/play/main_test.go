package play

import "testing"

func TestPattern(t *testing.T) {
	for run, want := range map[string]string{
		"": "", "W4": "/W4", "W4-exact|W5": "/W4-exact|/W5", "TestFileNames": "TestFileNames", "^TestRules$/W4": "^TestRules$/W4",
	} {
		if got := pattern(run); got != want {
			t.Errorf("-run %q becomes %q, want %q", run, got, want)
		}
	}
}
