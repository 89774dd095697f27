package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	typed "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/rest"
)

// installCRDs creates or updates every CRD under paths and waits until their
// resources are served. Documents of other kinds are passed over: directories
// of CRDs hold kustomizations and admission policies, too.
func installCRDs(ctx context.Context, config *rest.Config, paths []string) error {
	crds, err := readCRDs(paths)
	if err != nil {
		return err
	}
	client, err := clientset.NewForConfig(config)
	if err != nil {
		return err
	}
	// Gateway API's schemas take the server most of a second to compile one
	// after the other.
	var group errgroup.Group
	for _, crd := range crds {
		group.Go(func() error {
			if err := applyCRD(ctx, client.ApiextensionsV1().CustomResourceDefinitions(), crd); err != nil {
				return fmt.Errorf("installing CRD %s: %w", crd.Name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := await(ctx, func(ctx context.Context) bool { return served(ctx, client, crds) }); err != nil {
		return fmt.Errorf("waiting for CRDs: %w", err)
	}
	return nil
}

// applyCRD creates a CRD or, where it exists, replaces it.
func applyCRD(ctx context.Context, client typed.CustomResourceDefinitionInterface, crd *apiextensionsv1.CustomResourceDefinition) error {
	_, err := client.Create(ctx, crd, metav1.CreateOptions{})
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	old, err := client.Get(ctx, crd.Name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	crd.ResourceVersion = old.ResourceVersion
	_, err = client.Update(ctx, crd, metav1.UpdateOptions{})
	return err
}

// served reports whether every CRD is established and in the list of all
// resources, which follows with a little delay.
func served(ctx context.Context, client clientset.Interface, crds []*apiextensionsv1.CustomResourceDefinition) bool {
	list, err := client.ApiextensionsV1().CustomResourceDefinitions().List(ctx, metav1.ListOptions{})
	if err != nil {
		return false
	}
	missing := sets.New[string]()
	for _, crd := range crds {
		missing.Insert(crd.Name)
	}
	for _, crd := range list.Items {
		if !apihelpers.IsCRDConditionTrue(&crd, apiextensionsv1.Established) && missing.Has(crd.Name) {
			return false
		}
	}
	_, groups, err := client.Discovery().ServerGroupsAndResources()
	if err != nil {
		return false
	}
	for _, group := range groups {
		name, _, _ := strings.Cut(group.GroupVersion, "/")
		for _, resource := range group.APIResources {
			missing.Delete(resource.Name + "." + name)
		}
	}
	return missing.Len() == 0
}

// readCRDs reads the CRDs in files and directories of YAML.
func readCRDs(paths []string) ([]*apiextensionsv1.CustomResourceDefinition, error) {
	var crds []*apiextensionsv1.CustomResourceDefinition
	for _, path := range paths {
		files := []string{path}
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			if files, err = filepath.Glob(filepath.Join(path, "*.yaml")); err != nil {
				return nil, err
			}
		}
		for _, file := range files {
			found, err := readCRDFile(file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			crds = append(crds, found...)
		}
	}
	return crds, nil
}

func readCRDFile(file string) ([]*apiextensionsv1.CustomResourceDefinition, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var crds []*apiextensionsv1.CustomResourceDefinition
	for d := yaml.NewYAMLOrJSONDecoder(f, 4096); ; {
		crd := &apiextensionsv1.CustomResourceDefinition{}
		switch err := d.Decode(crd); {
		case err == io.EOF:
			return crds, nil
		case err != nil:
			return nil, err
		case crd.Kind == "CustomResourceDefinition":
			crd.Status = apiextensionsv1.CustomResourceDefinitionStatus{}
			crds = append(crds, crd)
		}
	}
}
