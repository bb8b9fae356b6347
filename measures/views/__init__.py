"""Pages on which the plan is worked on; a function a page."""
