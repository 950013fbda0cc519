# Passerelle as an image: only what runs, under a user without rights, on a root file system that may be read-only.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
# What is shipped is what the package has (`files` of package.json). To pack it builds it; it comes to lie in /app/package.
RUN npm pack && tar -xzf passerelle-*.tgz && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    PASSERELLE_DATA=/var/lib/passerelle
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package ./
# The data folder is the only place that is written to; a new volume takes its owner from here.
RUN install -d -m 0700 -o node -g node /var/lib/passerelle && ln -s /app/dist/src/main.js /usr/local/bin/passerelle && chmod +x dist/src/main.js
VOLUME /var/lib/passerelle
USER node
EXPOSE 8080
# That the process answers. /readyz would restart it whenever a platform is down.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/src/main.js"]
CMD ["serve"]
