// Command run runs go test with the arguments given and says how it went: a line for each package, what the tests that
// failed printed, and at the end how many passed and how many failed. Subtests count as tests.
package main

import (
	"log"
	"os"
	"os/exec"
)

func main() {
	log.SetFlags(0)

	test := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	test.Stderr = os.Stderr
	stdout, err := test.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := test.Start(); err != nil {
		log.Fatal(err)
	}

	var sum summary
	if err := sum.read(stdout, os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Nothing may look like success but success.
	if err := test.Wait(); err != nil && sum.failed == 0 {
		sum.fail("go test: " + err.Error())
	} else if err == nil && sum.passed == 0 {
		sum.fail("no test ran")
	}
	sum.print(os.Stdout)
	if sum.failed > 0 {
		os.Exit(1)
	}
}
