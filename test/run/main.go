// Command run runs go test with the arguments given and says how it went: a line for each package, what the tests that
// failed printed, and at the end how many passed and how many failed. Subtests count as tests.
//
// Arguments after -- are those of another pass of go test, which begins when the one before has ended. The tests of all
// passes are counted together.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)

	var sum summary
	passes := passesOf(os.Args[1:])
	for _, args := range passes {
		if len(passes) > 1 {
			fmt.Println("go test " + strings.Join(args, " "))
		}
		if err := sum.run(args); err != nil {
			log.Fatal(err)
		}
	}
	sum.print(os.Stdout)
	if sum.failed > 0 {
		os.Exit(1)
	}
}

// passesOf splits the arguments at each --.
func passesOf(args []string) (passes [][]string) {
	for {
		end := slices.Index(args, "--")
		if end < 0 {
			return append(passes, args)
		}
		passes, args = append(passes, args[:end]), args[end+1:]
	}
}

// run runs go test once and counts its tests. A pass in which nothing failed and nothing passed counts as a failure:
// nothing may look like success but success.
func (s *summary) run(args []string) error {
	test := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	test.Stderr = os.Stderr
	stdout, err := test.StdoutPipe()
	if err != nil {
		return err
	}
	if err := test.Start(); err != nil {
		return err
	}
	passed, failed := s.passed, s.failed
	if err := s.read(stdout, os.Stdout); err != nil {
		return err
	}
	if err := test.Wait(); err != nil && s.failed == failed {
		s.fail("go test: " + err.Error())
	} else if err == nil && s.passed == passed {
		s.fail("go test " + strings.Join(args, " ") + ": no test ran")
	}
	return nil
}
