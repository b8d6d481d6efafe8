"""What leaves the house: OsmChange, MapRoulette, JOSM, GeoJSON, field tasks; and what comes back from the field."""
