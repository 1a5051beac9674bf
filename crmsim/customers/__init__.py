"""What a firm records about its customers: tables, their dictionary, the warehouse, and shipped data."""
