"""Reading leads from a table that another program wrote, or our own: CSV and XLSX."""
