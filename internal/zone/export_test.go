package zone

const (
	MaxNewUnions = maxNewUnions
	StepsHeld    = stepsHeld
)
