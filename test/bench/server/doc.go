// Command server measures the plugin on the wire: real CoreDNS processes in front of a real API server that holds many
// Ingresses, beside CoreDNS with hosts and the same names, and with whoami, the least that a question costs.
//
// Every figure is the median of some rounds. What is compared is measured in turns within a round, and the ratios are
// those within rounds. It prints a table in Markdown. The API server and its objects are kept for the next run.
package main
