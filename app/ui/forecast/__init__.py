"""The tab Prognose: what is to be expected when, and how leads come through the funnel."""
