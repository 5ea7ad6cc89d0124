"""The demo: four years of a retirement plan on a real Kafka, with real Treasury rates."""
