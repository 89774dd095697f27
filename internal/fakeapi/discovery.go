package fakeapi

import (
	"encoding/json"
	"net/http"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// groups lists the API groups, as /apis has them.
func (s *Server) groups() metav1.APIGroupList {
	list := metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}}
	for _, r := range s.resources {
		if r.group == "" || len(r.versions) == 0 || slices.ContainsFunc(list.Groups, func(g metav1.APIGroup) bool { return g.Name == r.group }) {
			continue
		}
		first := metav1.GroupVersionForDiscovery{GroupVersion: r.apiVersion(r.versions[0]), Version: r.versions[0]}
		list.Groups = append(list.Groups, metav1.APIGroup{Name: r.group, Versions: []metav1.GroupVersionForDiscovery{first}, PreferredVersion: first})
	}
	return list
}

// serveVersion lists the resources of a version of a group.
func (s *Server) serveVersion(w http.ResponseWriter, group, version string) {
	gv := schema.GroupVersion{Group: group, Version: version}.String()
	list := metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, GroupVersion: gv}
	for _, r := range s.resources {
		if r.group == group && slices.Contains(r.versions, version) {
			list.APIResources = append(list.APIResources, metav1.APIResource{Name: r.plural, Kind: r.kind, Namespaced: !r.clusterWide, Verbs: metav1.Verbs{"list", "watch"}})
		}
	}
	if len(list.APIResources) == 0 {
		notFound(w, gv)
		return
	}
	send(w, list)
}

func send(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // whoever asks has gone away
}

func notFound(w http.ResponseWriter, what string) {
	status := apierrors.NewNotFound(schema.GroupResource{Resource: what}, "").Status()
	status.TypeMeta = metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_ = json.NewEncoder(w).Encode(status)
}
