run:
	python3 -m checkin run $(if $(PORT),--port $(PORT))
demo:
	python3 -m checkin demo $(if $(PORT),--port $(PORT))
test:
	python3 -m checkin test
.PHONY: run demo test
