import { createServer } from 'node:http';
import { listening, ready } from '../servers/child.ts';

/** The home platform: takes every booking. */
let bookings = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    bookings += 1;
    const text = `{"id":"res-${bookings}"}`;
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': text.length });
    response.end(text);
  });
});
ready(await listening(server));
