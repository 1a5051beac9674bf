"""The settings of a simulated firm: scenarios, read from YAML, validated, frozen."""
