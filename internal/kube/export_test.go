package kube

const (
	FieldRaw       = fieldRaw
	FieldListMeta  = fieldListMeta
	FieldItems     = fieldItems
	ProtobufPrefix = protobufPrefix
)

var (
	ConnectionLost   = connectionLost
	ErrNotAPIServer  = errNotAPIServer
	IsTransient      = isTransient
	KeyOf            = keyOf
	MetaSerializer   = metaSerializer
	Nameless         = nameless
	UndecodableEvent = undecodableEvent
)
