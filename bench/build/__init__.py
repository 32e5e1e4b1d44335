"""Building, raced against Hugo on the same synthetic agenda."""
