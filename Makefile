run:
	python3 -m checkin run $(if $(PORT),--port $(PORT))
demo:
	python3 -m checkin demo $(if $(PORT),--port $(PORT))
test:
	python3 -m checkin test
test-all:
	CHECKIN_TEST_ALL=1 python3 -m checkin test
venue:
	python3 -m checkin venue $(if $(PORT),--port $(PORT)) $(if $(HTTP_PORT),--http-port $(HTTP_PORT))
bench:
	python3 -m checkin bench
soak:
	python3 -m checkin soak
torture:
	python3 -m checkin torture
.PHONY: run demo test test-all venue bench soak torture
