package main

import (
	"context"
	"fmt"
	"net/url"

	"go.etcd.io/etcd/server/v3/embed"
)

// etcd listens on Unix sockets only, in the working directory. It wants to see
// a host and a port in its addresses; in a Unix address both are the file name.
const (
	etcdClients = "unix://etcd-clients:0"
	etcdPeers   = "unix://etcd-peers:0"
)

// startEtcd starts a cluster of one and waits until it takes requests.
func startEtcd(ctx context.Context) (*embed.Etcd, error) {
	clients, err := url.Parse(etcdClients)
	if err != nil {
		return nil, err
	}
	peers, err := url.Parse(etcdPeers)
	if err != nil {
		return nil, err
	}
	cfg := embed.NewConfig()
	cfg.Dir = "etcd"
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = []url.URL{*clients}, []url.URL{*clients}
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = []url.URL{*peers}, []url.URL{*peers}
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	cfg.LogOutputs = []string{logFile}
	cfg.LogLevel = "error"
	// One member has nobody to wait for, and test data need not outlive the machine.
	cfg.TickMs, cfg.ElectionMs = 10, 100
	cfg.UnsafeNoFsync = true

	etcd, err := embed.StartEtcd(cfg)
	if err != nil {
		return nil, fmt.Errorf("etcd: %w", err)
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return etcd, nil
	case err := <-etcd.Err():
		etcd.Close()
		return nil, fmt.Errorf("etcd: %w", err)
	case <-ctx.Done():
		etcd.Close()
		return nil, ctx.Err()
	}
}
