"""Who works here: asked at the start, when the person changes, and after the window was locked."""
