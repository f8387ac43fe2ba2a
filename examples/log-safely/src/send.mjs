/** Sends a request that is full of a secret. */
export async function send(server, path, secret) {
  const { port } = server.address();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${secret}`,
      cookie: `sid=${secret}; theme=dark`,
      "x-api-key": secret,
      "x-internal-token": secret,
      "content-type": "application/json",
    },
    body: JSON.stringify({ user: "ann", password: secret, card: { cvv: secret } }),
  });
  await response.arrayBuffer();
}
