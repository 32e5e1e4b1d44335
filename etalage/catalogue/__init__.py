"""From records to pages: harvest → merge → enrich → plan. Pure but for what it is handed."""
