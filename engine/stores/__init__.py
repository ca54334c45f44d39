"""Member stores: schema, imports and as-of relations. What differs between databases has one folder each."""
