// The wire: one request, one plain answer, no exceptions. The device token travels in a header and nowhere else.

const BASE = new URL("../api/v1/", import.meta.url);

export const APP = "gate 0.2";

/**
 * Sends JSON and answers {status, body, retryAfter, etag, sent, received}. Status 0 means nothing (or no JSON) came back
 * in time: the server may still have done the work, so every caller must be able to ask again with the same ids.
 */
export async function call(method, path, body, { token = null, timeout = 8000, etag = null } = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  const sent = performance.now();
  try {
    const response = await fetch(new URL(path, BASE), {
      method,
      body: JSON.stringify(body),
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(etag ? { "If-None-Match": etag } : {}),
      },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: abort.signal,
    });
    const received = performance.now();
    return {
      status: response.status,
      body: await readJson(response),
      retryAfter: Number(response.headers.get("Retry-After")) || null,
      etag: response.headers.get("ETag"),
      sent,
      received,
    };
  } catch {
    return { status: 0, body: null, retryAfter: null, sent, received: performance.now() };
  } finally {
    clearTimeout(timer);
  }
}

// Only a success must be JSON to count: an error page of a proxy in between says enough with its status.
async function readJson(response) {
  try {
    return await response.json();
  } catch (error) {
    if (response.ok) throw error;
    return null;
  }
}
