module github.com/k8s-gateway/k8s_gateway/test/browser

go 1.26.1

require (
	github.com/chromedp/cdproto v0.159.0
	github.com/chromedp/chromedp v0.23.0
	github.com/k8s-gateway/k8s_gateway v0.0.0
)

require (
	github.com/coredns/coredns v1.15.0 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.42.0 // indirect
)

replace github.com/k8s-gateway/k8s_gateway => ../..
