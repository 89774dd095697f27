package object

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// The Go types of custom resources have only the fields that the plugin reads. Other fields of an object may be malformed, newer than
// this program, or out of the range of a Go type: they are ignored (N5). All served versions of a kind have the fields in common. The
// types have no UnmarshalJSON, so that the metadata is decoded even if another field cannot be.

// CustomObject is the part that all custom resources share.
type CustomObject struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        objectMeta `json:"metadata"`
}

// objectMeta is what DNS reads of metav1.ObjectMeta.
type objectMeta struct {
	Name            string            `json:"name"`
	Namespace       string            `json:"namespace"`
	ResourceVersion string            `json:"resourceVersion"`
	Labels          map[string]string `json:"labels"`
	Annotations     map[string]string `json:"annotations"`
}

// The methods implement kube.Object.

func (o *CustomObject) GetName() string                   { return o.Metadata.Name }
func (o *CustomObject) GetNamespace() string              { return o.Metadata.Namespace }
func (o *CustomObject) SetNamespace(namespace string)     { o.Metadata.Namespace = namespace }
func (o *CustomObject) GetResourceVersion() string        { return o.Metadata.ResourceVersion }
func (o *CustomObject) GetLabels() map[string]string      { return o.Metadata.Labels }
func (o *CustomObject) GetAnnotations() map[string]string { return o.Metadata.Annotations }
