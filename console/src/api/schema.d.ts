/** The admin API as types. Written by npm run openapi: change src/server/contract/, and run it. */

export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["describeApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["isAlive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures for Prometheus
         * @description Needs passerelle/status. Of all organizations: refused to who sees one only.
         */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether every connection can be relied on */
        get: operations["isReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that what its suspect feeds miss is gone
         * @description Needs passerelle/operate.
         */
        post: operations["confirmConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Records that were set aside because they could not be read
         * @description Needs passerelle/operate.
         */
        get: operations["listRejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the connections are
         * @description Needs passerelle/status.
         */
        get: operations["readStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read every feed of the connection now, whole
         * @description It goes on when the client leaves. Needs passerelle/operate.
         */
        post: operations["synchronizeConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/listings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What stands there otherwise than it is wanted, the soonest time first
         * @description Needs passerelle/status.
         */
        get: operations["listConnectionListings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Neither ask the platform nor write to it, until it is resumed
         * @description Its slots grow old and are no longer served as free; bookings there are refused, unless their schedule accepts them on its behalf. What it tells by itself is taken in. It stays so over restarts. Needs passerelle/operate.
         */
        post: operations["pauseConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the connection was in the last hours
         * @description A sample a minute, of which as many are put together that there are no more than 300 points. Needs passerelle/status.
         */
        get: operations["readConnectionHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a connection that was paused
         * @description It is read at once, and written what it missed. Needs passerelle/operate.
         */
        post: operations["resumeConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adapters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which platforms can be connected, and how far that is proven
         * @description Needs passerelle/status.
         */
        get: operations["listAdapters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/adapters/{platform}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What one platform can do, what proves it, and its settings
         * @description Needs passerelle/status.
         */
        get: operations["readAdapter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close the time of a practitioner on every platform
         * @description system/Slot.c. With Idempotency-Key, the same request sent twice is done once.
         */
        post: operations["closeTime"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/blocks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Open again what was closed here
         * @description system/Slot.d.
         */
        delete: operations["openTime"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appointments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Book a patient where no slot is, or over time that is taken
         * @description system/Appointment.c; with override also passerelle/operate. Into a slot one books by FHIR. With Idempotency-Key, the same request sent twice is done once.
         */
        post: operations["placeAppointment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/agenda": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The time of practitioners, and how each part stands at every platform
         * @description As reading Slot through FHIR: system/Slot.rs. Appointments and patients for who may read those.
         */
        get: operations["readAgenda"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/appointments/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an appointment that stands here another time
         * @description system/Appointment.u; with override also passerelle/operate. One that a platform has is moved by FHIR.
         */
        post: operations["replaceAppointment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Conflicts, upcoming ones first
         * @description Needs passerelle/status.
         */
        get: operations["listConflicts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conflicts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One conflict, with what could be done about it
         * @description Needs passerelle/status.
         */
        get: operations["readConflict"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conflicts/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle a conflict
         * @description Needs passerelle/operate.
         */
        post: operations["resolveConflict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tasks, the soonest due first
         * @description Needs passerelle/status.
         */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One task
         * @description Needs passerelle/status.
         */
        get: operations["readTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/connections/{id}/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take what somebody copied from the platform’s screen
         * @description Needs passerelle/operate.
         */
        post: operations["takeList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/done": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that it has been made at the platform
         * @description Needs passerelle/operate.
         */
        post: operations["doneTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a tick was a mistake
         * @description Needs passerelle/operate.
         */
        post: operations["undoTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tasks/{id}/taken": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a patient has the time there
         * @description Needs passerelle/operate.
         */
        post: operations["takenTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/outage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which platforms are down, since when, what waits for them, and what still works
         * @description Needs passerelle/status.
         */
        get: operations["readOutage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contingency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Today’s and tomorrow’s appointments by doctor, and what is still free
         * @description From memory: also while the database does not answer, to who was known to it within 12 hours. Needs system/Appointment.s; who comes is shown to who also has system/Patient.r. Each answer is audited.
         */
        get: operations["readContingency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contingency.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same for a spreadsheet
         * @description From memory: also while the database does not answer, to who was known to it within 12 hours. Needs system/Appointment.s; who comes is shown to who also has system/Patient.r. Each answer is audited. Cells are parted by semicolons in French, by commas in English, as Excel wants them.
         */
        get: operations["readContingencyCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contingency.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same to be printed, with room to write in
         * @description From memory: also while the database does not answer, to who was known to it within 12 hours. Needs system/Appointment.s; who comes is shown to who also has system/Patient.r. Each answer is audited.
         */
        get: operations["readContingencyPdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What rosters publish, beside what is on offer and booked
         * @description Needs passerelle/status.
         */
        get: operations["readRoster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Slots and appointments as they change
         * @description Who asks needs the scopes that each search would need. A stream ends after five minutes; a client opens it again with Last-Event-ID, as EventSource does by itself.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, for a page of this gateway */
        get: operations["readSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens that were made by hand
         * @description Needs passerelle/administer.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make a token
         * @description Needs passerelle/administer.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a token
         * @description Needs passerelle/administer.
         */
        post: operations["revokeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who signs in
         * @description Needs passerelle/administer.
         */
        get: operations["listPeople"];
        put?: never;
        /**
         * Invite somebody
         * @description Needs passerelle/administer.
         */
        post: operations["addPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have somebody choose another password
         * @description Needs passerelle/administer.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let somebody in no more
         * @description Needs passerelle/administer.
         */
        post: operations["disablePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let somebody in again
         * @description Needs passerelle/administer.
         */
        post: operations["enablePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all their sessions
         * @description Needs passerelle/administer.
         */
        post: operations["signOutPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people/{id}/reset-second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove their second factors
         * @description Needs passerelle/administer.
         */
        post: operations["resetSecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase what is known of one person
         * @description Needs passerelle/administer.
         */
        post: operations["erasePerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/patients/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * All that is known of one person
         * @description Needs passerelle/administer.
         */
        post: operations["exportPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The audit log as FHIR AuditEvents
         * @description Needs passerelle/administer. Of all organizations: refused to who sees one only.
         */
        get: operations["exportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the audit log is whole
         * @description Needs passerelle/administer. Of all organizations: refused to who sees one only.
         */
        get: operations["verifyAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The register of incidents of confidentiality
         * @description Needs passerelle/administer. Of all organizations: refused to who sees one only.
         */
        get: operations["listIncidents"];
        put?: never;
        /**
         * Write an incident down, or add to one
         * @description Needs passerelle/administer. Of all organizations: refused to who sees one only.
         */
        post: operations["recordIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What would be wrong after a change; nothing is written
         * @description Needs passerelle/administer.
         */
        post: operations["checkConfigurationEdit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Name the organization
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        put: operations["putConfiguredOrganization"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the configuration file says, and what runs
         * @description Needs passerelle/administer.
         */
        get: operations["readConfiguration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * JSON Schema (draft 7) of the file, with the settings of each platform
         * @description Needs passerelle/administer.
         */
        get: operations["readConfigurationSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether a connection would reach its platform, and which calendars it has there; nothing is written
         * @description The platform is called once, as the gateway would call it, for at most 15 s. Its calendars come with a suggestion of whose they are. Needs passerelle/administer.
         */
        post: operations["tryConfiguredConnection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/locations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add or change one of locations, as a whole
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        put: operations["putConfiguredLocation"];
        post?: never;
        /**
         * Take one of locations out
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        delete: operations["removeConfiguredLocation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/services/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add or change one of services, as a whole
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        put: operations["putConfiguredService"];
        post?: never;
        /**
         * Take one of services out
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        delete: operations["removeConfiguredService"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/practitioners/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add or change one of practitioners, as a whole
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        put: operations["putConfiguredPractitioner"];
        post?: never;
        /**
         * Take one of practitioners out
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        delete: operations["removeConfiguredPractitioner"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add or change one of schedules, as a whole
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        put: operations["putConfiguredSchedule"];
        post?: never;
        /**
         * Take one of schedules out
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        delete: operations["removeConfiguredSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/configuration/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add or change one of connections, as a whole
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        put: operations["putConfiguredConnection"];
        post?: never;
        /**
         * Take one of connections out
         * @description If-Match is required: the revision that was read. It is answered before the gateway starts anew by it. Needs passerelle/administer.
         */
        delete: operations["removeConfiguredConnection"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The schedules, with their policies and the platforms that share them
         * @description Needs passerelle/status.
         */
        get: operations["listPolicies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/policies/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a week would have been under a policy
         * @description week=last: the seven whole days before today; next: seven from today on, as far as they are booked. Nothing is written. By the functions that the engine decides by, on what is kept of these days; the policy as it is beside it. Needs passerelle/status.
         */
        post: operations["previewPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which keys there are, never what they are
         * @description Needs passerelle/administer. Of all organizations: refused to who sees one only.
         */
        get: operations["listKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make new keys, and seal everything anew with them
         * @description Needs passerelle/administer. Of all organizations: refused to who sees one only.
         */
        post: operations["rotateKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The embedded database, as passerelle restore takes it
         * @description Needs passerelle/administer. Of all organizations: refused to who sees one only.
         */
        get: operations["takeBackup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{connection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A delivery of a platform
         * @description Of whatever media type the platform has, signed over its raw bytes as the platform signs.
         */
        post: operations["takeDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        CloseTime: {
            schedule: string;
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @enum {string} */
            reason?: "lunch" | "meeting" | "absence" | "other";
        };
        /**
         * Format: date-time
         * @description With its offset, always UTC in answers.
         * @example 2026-11-24T14:00:00Z
         */
        Instant: string;
        PlaceAppointment: {
            schedule: string;
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @description A FHIR Patient as a booking contains one, or {"reference": "Patient/<id>"} of one who is kept. */
            patient?: {
                [key: string]: unknown;
            };
            comment?: string;
            /** @description Over time that is taken or closed. Left out = only where it is free. */
            override?: {
                /** @enum {string} */
                reason: "urgent" | "overbooking" | "agreed" | "other";
            };
        };
        ReplaceAppointment: {
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @description Over time that is taken or closed. Left out = only where it is free. */
            override?: {
                /** @enum {string} */
                reason: "urgent" | "overbooking" | "agreed" | "other";
            };
        };
        /**
         * @example {
         *       "resolution": "keep-a"
         *     }
         */
        Resolve: {
            /** @enum {string} */
            resolution: "keep-a" | "keep-b" | "keep-both";
        } | {
            /** @constant */
            resolution: "move";
            /** @enum {string} */
            booking: "a" | "b";
            /** Format: uuid */
            slot: string;
        };
        List: {
            /** @description What was copied from the platform’s screen. */
            text: string;
            /** @description Of lines that name none. */
            calendar?: string;
            /**
             * Format: date-time
             * @description Left out = now.
             */
            seenAt?: string;
            /**
             * @description All that stands on these days is in it; true = from its first day to its last.
             * @default false
             */
            complete: boolean | {
                from?: string;
                to?: string;
            };
            /**
             * @description Take it although some of its lines cannot be read.
             * @default false
             */
            partial: boolean;
        };
        NewToken: {
            name: string;
            /**
             * @description No more than who asks has.
             * @example [
             *       "system/Slot.rs"
             *     ]
             */
            scopes: string[];
            /** @description Left out = that of who asks. */
            organization?: string;
            expiresInDays: number;
        };
        NewPerson: {
            login: string;
            name: string;
            /**
             * @description No more than who asks has.
             * @example [
             *       "system/Slot.rs"
             *     ]
             */
            scopes: string[];
            /** @description Left out = that of who asks. */
            organization?: string;
        };
        WhoseData: {
            /** @description A health insurance number, or the id of a Patient. */
            patient: string;
        };
        IncidentReport: {
            /**
             * Format: uuid
             * @description Of one that is there: what is said now is added to what was said.
             */
            id?: string;
            information?: string;
            circumstances?: string;
            occurred?: string;
            awareOn?: string;
            persons?: string;
            risk?: string;
            noticeToMinister?: string;
            noticeToCommission?: string;
            noticeToPersons?: string;
            measures?: string;
            /** @description Whose accesses are looked up, and when. */
            access?: {
                agent: string;
                from: string;
                before: string;
            };
        };
        ConfigurationEdit: {
            /** @constant */
            edit: "put";
            /** @enum {string} */
            list: "locations" | "services" | "practitioners" | "schedules" | "connections";
            id: string;
            value: {
                [key: string]: unknown;
            };
        } | {
            /** @constant */
            edit: "remove";
            /** @enum {string} */
            list: "locations" | "services" | "practitioners" | "schedules" | "connections";
            id: string;
        } | {
            /** @constant */
            edit: "organization";
            value: {
                [key: string]: unknown;
            };
        };
        ConnectionTrial: {
            id: string;
            /** @description As PUT takes it: a secret as a text, as the reference that stands there, or left out = as it is stored. calendars may be left out */
            value: {
                [key: string]: unknown;
            };
        };
        /** @description As under `policy` of a schedule in the configuration file; what is left out has its default. */
        Policy: {
            [key: string]: unknown;
        };
        Readiness: {
            ready: boolean;
            /** @description What keeps all of it from being ready: nothing is configured yet. */
            reasons?: string[];
            /** @description Left out where several organizations share the gateway. */
            connections?: {
                id: string;
                platform: string;
                title: components["schemas"]["Bilingual"];
                ready: boolean;
                /** @description What keeps it from being ready; empty when it is. */
                reasons: string[];
            }[];
        };
        /** @description A text for persons, in both languages. */
        Bilingual: {
            fr: string;
            en: string;
        };
        RejectedRecords: {
            records: {
                feedId: string;
                /** @description Null where it could not be read. */
                externalId: string | null;
                reason: string;
                /** @description Readings, and messages, that met it. */
                occurrences: number;
                records: number;
                firstAt: components["schemas"]["Instant"];
                lastAt: components["schemas"]["Instant"];
                hasRaw: boolean;
                raw: string | null;
            }[];
        };
        Status: {
            at: components["schemas"]["Instant"];
            organizations: {
                id: string;
                name: string;
            }[];
            ready: boolean;
            connections: components["schemas"]["ConnectionStatus"][];
            /** @description Of the whole process: only for who sees all organizations. */
            subscriptions?: {
                requested: number;
                active: number;
                error: number;
                off: number;
                /** @description Changes that some subscriber is still to be told of. */
                waiting: number;
            };
        };
        ConnectionStatus: {
            id: string;
            platform: string;
            title: components["schemas"]["Bilingual"];
            ready: boolean;
            /** @description What keeps it from being ready; empty when it is. */
            reasons: string[];
            /**
             * @description down: its circuit is open. failing: its last calls failed. paused by a person. in-doubt: what it says cannot be relied on. stale: nothing confirms what was read. unread: never read to its end.
             * @enum {string}
             */
            state: "working" | "down" | "failing" | "paused" | "in-doubt" | "stale" | "unread";
            /** @description Null where it works, and of what was never read. */
            since: components["schemas"]["Instant"] | null;
            /** @description Of the last fault; null = it has none. */
            error: components["schemas"]["FaultMeaning"] | null;
            /** @description Of its first calendar; null = it has none. */
            timeZone: string | null;
            /** @description Its agenda is in Passerelle: there is no platform to read. */
            editedHere: boolean;
            /** @description Only lists that people bring confirm it, so that it is never stale. */
            listed: boolean;
            /** @description Past this age it is stale. */
            freshnessMilliseconds: number;
            /** @description Of what lists can be brought (POST …/lists); left out where none are taken. */
            lists?: {
                calendar: string;
                practitioner: string;
                location: string;
                /**
                 * @description Of the place, by its name in the IANA database.
                 * @example America/Toronto
                 */
                timeZone: string;
            }[];
            paused?: boolean;
            pausedAt?: components["schemas"]["Instant"] | null;
            /** @description Faults in a row; 0 = healthy. */
            failures?: number;
            failingSince?: components["schemas"]["Instant"] | null;
            /** @description The circuit is open, no call is made, until then. */
            openUntil?: components["schemas"]["Instant"] | null;
            lastError?: string | null;
            lastSuccessAt?: components["schemas"]["Instant"] | null;
            /** @description When it was last read to its end. */
            confirmedAt?: components["schemas"]["Instant"] | null;
            /** @description Listings whose known state is not the desired one. */
            differing?: number;
            oldestDifferingSince?: components["schemas"]["Instant"] | null;
            conflicts?: number;
            /** @description Records set aside because they could not be read. */
            rejected?: number;
            unmapped?: {
                reason: string;
                records: number;
            }[];
            tasks?: {
                open: number;
                overdue: number;
            };
            slots?: number;
            feeds?: number;
            feedsRead?: number;
            /** @description Feeds that lost most of what they showed: it is held back until somebody confirms it. */
            suspects?: {
                feedId: string;
                since: components["schemas"]["Instant"];
                slots: {
                    known: number;
                    missing: number;
                };
                busy: {
                    known: number;
                    missing: number;
                };
                shifts?: {
                    known: number;
                    missing: number;
                };
            }[];
            unreadable?: {
                feedId: string;
                since: components["schemas"]["Instant"];
                records: number;
                unread: number;
            }[];
        };
        FaultMeaning: {
            /** @enum {string} */
            kind: "throttled" | "unavailable" | "unauthorized" | "forbidden" | "malformed" | "unsure" | "unexpected";
            what: components["schemas"]["Bilingual"];
            /** @description What patients notice. */
            patients: components["schemas"]["Bilingual"];
            toDo: components["schemas"]["Bilingual"];
        };
        SyncLine: {
            /** @constant */
            type: "progress";
            feedId: string;
            rows: number;
            feedsDone: number;
            feeds: number;
        } | {
            /** @constant */
            type: "result";
            /** @constant */
            outcome: "done";
            rows: number;
            slotsChanged: number;
            milliseconds: number;
        } | components["schemas"]["Failed"];
        Failed: {
            /** @constant */
            type: "result";
            /** @constant */
            outcome: "failed";
            reason: string;
        };
        ConnectionListings: {
            listings: components["schemas"]["DifferingListing"][];
            /** @description False = there are more than one answer tells. */
            complete: boolean;
        };
        /** @description What is to be brought to a platform. */
        DifferingListing: {
            connection: string;
            /** @description Whose calendar it is there: a connection may have several. */
            schedule: string;
            /** @enum {string} */
            kind: "booking" | "block" | "offer";
            /** @enum {string} */
            wanted: "open" | "closed" | "booked" | "held" | "nothing";
            /**
             * @description What stands there, as far as it is known.
             * @enum {string}
             */
            known: "open" | "closed" | "booked" | "held" | "nothing";
            /**
             * @description agrees: it stands as it is wanted. waiting: about to be written. failing: tried without success so far. unsure: the answer of a write was lost, and it is looked for. asked: a person has been asked.
             * @enum {string}
             */
            state: "agrees" | "waiting" | "failing" | "unsure" | "asked";
            /** @description As it is. */
            since: components["schemas"]["Instant"];
            differsSince: components["schemas"]["Instant"] | null;
            attempts: number;
            nextAttemptAt: components["schemas"]["Instant"] | null;
            error: components["schemas"]["Bilingual"] | null;
            externalId: string | null;
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @description Whose time; null = its schedule is configured no more. */
            practitioner: string | null;
            timeZone: string | null;
        };
        PausedConnection: {
            connection: string;
            pausedAt: components["schemas"]["Instant"] | null;
        };
        ConnectionHistory: {
            connection: string;
            from: components["schemas"]["Instant"];
            before: components["schemas"]["Instant"];
            /** @description How much time is one point. */
            stepSeconds: number;
            points: components["schemas"]["HistoryPoint"][];
        };
        /** @description Of each figure the worst of the minutes that it puts together. */
        HistoryPoint: {
            /** @description When the first minute of it began. */
            at: components["schemas"]["Instant"];
            /** @description Changes that were confirmed there. */
            delivered: number;
            /** @description From a change where it was made to its confirmation here. Null = nothing was confirmed. */
            lagMillisecondsMedian: number | null;
            lagMillisecondsMax: number | null;
            /** @description Of the calendar that was confirmed longest ago; null = one was never read. */
            ageMilliseconds: number | null;
            differing: number;
            failures: number;
            circuitOpen: boolean;
            paused: boolean;
        };
        Adapters: {
            adapters: components["schemas"]["AdapterSummary"][];
        };
        AdapterSummary: {
            platform: string;
            title: components["schemas"]["Bilingual"];
            /** @enum {string} */
            kind: "private" | "public" | "standard";
            /**
             * @description How its interface is known: from a publication, from observing it, or assumed by us.
             * @enum {string}
             */
            contract: "published" | "observed" | "assumed";
            /** @description Of another package: its name and version. */
            source: string | null;
            /** @description Null = none reached, or there is no report. */
            grade: ("bronze" | "silver" | "gold" | "platinum") | null;
            /** @description Null = there is no report. */
            cases: {
                passed: number;
                failed: number;
                exempt: number;
                untried: number;
            } | null;
            /** @description What can be done there, in the words of a clinic. */
            abilities: {
                capability: string;
                says: components["schemas"]["Bilingual"];
            }[];
            /** @description That are configured with it. */
            connections: string[];
            /** @description Where it is described, in the sources. */
            readme: string | null;
        };
        Adapter: {
            platform: string;
            title: components["schemas"]["Bilingual"];
            /** @enum {string} */
            kind: "private" | "public" | "standard";
            /**
             * @description How its interface is known: from a publication, from observing it, or assumed by us.
             * @enum {string}
             */
            contract: "published" | "observed" | "assumed";
            /** @description Of another package: its name and version. */
            source: string | null;
            /** @description Null = none reached, or there is no report. */
            grade: ("bronze" | "silver" | "gold" | "platinum") | null;
            /** @description Null = there is no report. */
            cases: {
                passed: number;
                failed: number;
                exempt: number;
                untried: number;
            } | null;
            /** @description What can be done there, in the words of a clinic. */
            abilities: {
                capability: string;
                says: components["schemas"]["Bilingual"];
            }[];
            /** @description That are configured with it. */
            connections: string[];
            /** @description Where it is described, in the sources. */
            readme: string | null;
            capabilities: components["schemas"]["AdapterCapability"][];
            limits: {
                /** @description In each window. */
                requests: number;
                windowMilliseconds: number;
                concurrency: number;
                timeoutMilliseconds: number;
                /** @description How long a reading may lag behind a write that was confirmed. */
                stalenessMilliseconds: number;
            };
            report: {
                at: components["schemas"]["Instant"];
                /** @description What stands between it and the next grade. */
                missing: string[];
                targets: {
                    name: string;
                    /** @enum {string} */
                    stage: "simulator" | "server" | "live" | "recorded";
                }[];
                cases: {
                    id: string;
                    subject: string;
                    title: string;
                    /** @enum {string} */
                    grade: "bronze" | "silver" | "gold" | "platinum";
                    /** @enum {string} */
                    outcome: "passed" | "failed" | "exempt" | "untried";
                    reason: string | null;
                }[];
            } | null;
            settings: {
                /** @description JSON Schema (draft 7) of `settings` of a connection. */
                schema: {
                    [key: string]: unknown;
                };
                /**
                 * @description JSON Pointers (RFC 6901) into the schema, of what is secret (`writeOnly`).
                 * @example [
                 *       "/properties/apiKey"
                 *     ]
                 */
                secrets: string[];
            };
        };
        AdapterCapability: {
            capability: string;
            declared: string;
            /** @description What that means for a clinic. */
            says: components["schemas"]["Bilingual"];
            /** @description Null = there is no report. */
            proof: ("proven" | "refuted" | "unproven") | null;
            /** @description Ids of the cases that prove it. */
            provedBy: string[];
        };
        TimeClosed: {
            period: components["schemas"]["AgendaPeriod"];
            /** @description What stands in that time, and stays; null for who may not read appointments. */
            meets: {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                kind: "appointment" | "hold";
                schedule: string;
                start: components["schemas"]["Instant"];
                end: components["schemas"]["Instant"];
            }[] | null;
        };
        /** @description Time of a practitioner that is taken. */
        AgendaPeriod: {
            /**
             * Format: uuid
             * @description Of an appointment or a hold: of the FHIR Appointment as well.
             */
            id: string;
            schedule: string;
            /** @enum {string} */
            kind: "appointment" | "hold" | "block";
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @description Null = outside of the lock: a block, or a booking in conflict. */
            lane: number | null;
            /** @description The connection where it was made; null = here. */
            origin: string | null;
            reason: ("lunch" | "meeting" | "absence" | "other" | "urgent" | "overbooking" | "agreed") | null;
            /** @description It is over, and a platform is still to be brought there; null = it stands. */
            endedAt: components["schemas"]["Instant"] | null;
            status: ("pending" | "booked" | "cancelled" | "noshow" | "entered-in-error") | null;
            /** @description Of the FHIR Appointment. */
            version: number | null;
            slot: string | null;
            /** @description While the clinic keeps that, for who may read patients. */
            patient: {
                /** Format: uuid */
                id: string;
                name: string;
                phone: string | null;
                healthNumber: string | null;
            } | null;
            comment: string | null;
            expiresAt: components["schemas"]["Instant"] | null;
            conflicts: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                with: string;
                /** @enum {string} */
                state: "open" | "resolved";
            }[];
            canCancel: components["schemas"]["Can"];
            canMove: components["schemas"]["Can"];
            listings: components["schemas"]["AgendaListing"][];
        };
        /** @description Whether it can be done through Passerelle; what the caller may is for their scopes to say. */
        Can: {
            /** @constant */
            can: true;
        } | {
            /** @constant */
            can: false;
            why: components["schemas"]["Bilingual"];
        };
        /** @description How a slot or a period stands on one calendar of a platform. */
        AgendaListing: {
            connection: string;
            /** @description Whose calendar it is there: a connection may have several. */
            schedule: string;
            /** @enum {string} */
            kind: "booking" | "block" | "offer";
            /** @enum {string} */
            wanted: "open" | "closed" | "booked" | "held" | "nothing";
            /**
             * @description What stands there, as far as it is known.
             * @enum {string}
             */
            known: "open" | "closed" | "booked" | "held" | "nothing";
            /**
             * @description agrees: it stands as it is wanted. waiting: about to be written. failing: tried without success so far. unsure: the answer of a write was lost, and it is looked for. asked: a person has been asked.
             * @enum {string}
             */
            state: "agrees" | "waiting" | "failing" | "unsure" | "asked";
            /** @description As it is. */
            since: components["schemas"]["Instant"];
            differsSince: components["schemas"]["Instant"] | null;
            attempts: number;
            nextAttemptAt: components["schemas"]["Instant"] | null;
            error: components["schemas"]["Bilingual"] | null;
            externalId: string | null;
        };
        PeriodAnswer: {
            period: components["schemas"]["AgendaPeriod"];
        };
        Agenda: {
            at: components["schemas"]["Instant"];
            shows: {
                appointments: boolean;
                patients: boolean;
            };
            schedules: components["schemas"]["AgendaSchedule"][];
            slots: components["schemas"]["AgendaSlot"][];
            periods: components["schemas"]["AgendaPeriod"][];
        };
        AgendaSchedule: {
            id: string;
            practitioner: {
                id: string;
                name: string;
            };
            location: {
                id: string;
                name: string;
            };
            service: {
                id: string;
                name: components["schemas"]["Bilingual"];
            };
            timeZone: string;
            capacity: number;
            onOffer: boolean;
            /** @description Slots can be offered by POST /fhir/Slot. */
            editedHere: boolean;
            calendars: {
                connection: string;
                title: components["schemas"]["Bilingual"];
                /** @enum {string} */
                topology: "block" | "publish" | "shifts";
                editedHere: boolean;
                asksPeople: boolean;
                confirmedAt: components["schemas"]["Instant"] | null;
                stale: boolean;
                canBook: boolean;
                canCancel: boolean;
                canMove: boolean;
            }[];
        };
        AgendaSlot: {
            /** Format: uuid */
            id: string;
            schedule: string;
            /** @description Where it stands. */
            connection: string;
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @enum {string} */
            status: "free" | "busy" | "busy-unavailable" | "busy-tentative";
            /** @description Another platform’s to sell, or not on offer. */
            withheld: boolean;
            /** @description Not released until then; null = it is. */
            bookableFrom: components["schemas"]["Instant"] | null;
            version: number;
            /** @description Its copies on other platforms. */
            listings: components["schemas"]["AgendaListing"][];
        };
        Conflicts: {
            conflicts: components["schemas"]["Conflict"][];
            /** @description False = there are more than one answer tells. */
            complete: boolean;
        };
        Conflict: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "open" | "resolved" | "gone";
            detectedAt: components["schemas"]["Instant"];
            actor: string;
            /** @description As people call it; null of a schedule that is not configured any more. */
            practitioner: string | null;
            schedule: string;
            /** @description Null of a schedule that is not configured any more. */
            timeZone: string | null;
            /** @description Of the time that both have. */
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            bookings: {
                a: components["schemas"]["ConflictBooking"];
                b: components["schemas"]["ConflictBooking"];
            };
            resolution: components["schemas"]["Settlement"] | null;
            endedAt: components["schemas"]["Instant"] | null;
            /** @description By itself. Null of one that is open or was settled. */
            endedHow: ("apart" | "passed") | null;
        };
        /** @description As it was when the conflict was last decided on. */
        ConflictBooking: {
            /** Format: uuid */
            appointment: string;
            /** @description Where it was made; null = through our own API. */
            connection: string | null;
            schedule: string;
            /** @description As people call it; null of a schedule that is not configured any more. */
            location: string | null;
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            holdsLock: boolean;
        };
        Settlement: {
            /** @enum {string} */
            resolution: "keep-a" | "keep-b" | "keep-both";
            by: string;
            at: components["schemas"]["Instant"];
        } | {
            /** @constant */
            resolution: "move";
            by: string;
            at: components["schemas"]["Instant"];
            /** @enum {string} */
            booking: "a" | "b";
            /** Format: uuid */
            slot: string;
            /**
             * Format: uuid
             * @description The booking that took its place.
             */
            appointment: string;
        };
        ConflictWithProposals: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "open" | "resolved" | "gone";
            detectedAt: components["schemas"]["Instant"];
            actor: string;
            /** @description As people call it; null of a schedule that is not configured any more. */
            practitioner: string | null;
            schedule: string;
            /** @description Null of a schedule that is not configured any more. */
            timeZone: string | null;
            /** @description Of the time that both have. */
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            bookings: {
                a: components["schemas"]["ConflictBooking"];
                b: components["schemas"]["ConflictBooking"];
            };
            resolution: components["schemas"]["Settlement"] | null;
            endedAt: components["schemas"]["Instant"] | null;
            /** @description By itself. Null of one that is open or was settled. */
            endedHow: ("apart" | "passed") | null;
            proposals: {
                a: components["schemas"]["Proposal"][];
                b: components["schemas"]["Proposal"][];
            };
        };
        /** @description A free slot to which a booking could go. */
        Proposal: {
            /** Format: uuid */
            slot: string;
            connection: string;
            schedule: string;
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @description From the start of the booking; negative = before. */
            distanceMinutes: number;
        };
        Tasks: {
            tasks: components["schemas"]["Task"][];
            /** @description False = there are more than one answer tells. */
            complete: boolean;
        };
        Task: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "open" | "overdue" | "done" | "taken" | "seen" | "withdrawn" | "passed";
            text: components["schemas"]["Bilingual"];
            connection: string;
            calendar: string;
            schedule: string;
            /** @description Null of a schedule that is not configured any more. */
            timeZone: string | null;
            /** @enum {string} */
            operation: "publish" | "withdraw" | "block" | "unblock" | "cancel";
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            askedAt: components["schemas"]["Instant"];
            dueAt: components["schemas"]["Instant"];
            endedAt: components["schemas"]["Instant"] | null;
            /** @description Null of one that nobody ticked. */
            endedBy: string | null;
            /** @description After its deadline, until now or until it ended; 0 = in time. */
            lateSeconds: number;
            /** @description So many steps of escalation have been told. */
            escalated: number;
            escalatedAt: components["schemas"]["Instant"] | null;
        };
        ListTaken: {
            /** @constant */
            outcome: "read";
            rows: number;
            slotsChanged: number;
            wrong: {
                line: number;
                reason: components["schemas"]["Bilingual"];
            }[];
            calendars: {
                calendar: string;
                /** @description It says all of the calendar as far ahead as that is read. */
                confirmed: boolean;
                /** @description So much of it is missing that nothing was taken for gone. */
                isSuspect: boolean;
            }[];
        };
        OutageReport: {
            at: components["schemas"]["Instant"];
            /** @description Empty when all is well. */
            down: components["schemas"]["Outage"][];
            working: {
                connection: string;
                title: components["schemas"]["Bilingual"];
                /** @description Free slots that are served, from now on. */
                free: {
                    today: number;
                    tomorrow: number;
                };
            }[];
        };
        Outage: {
            connection: string;
            title: components["schemas"]["Bilingual"];
            /**
             * @description down: its circuit is open. failing: its last calls failed. paused by a person. in-doubt: what it says cannot be relied on. stale: nothing confirms what was read. unread: never read to its end.
             * @enum {string}
             */
            state: "down" | "failing" | "paused" | "in-doubt" | "stale" | "unread";
            /** @description Null of what was never read. */
            since: components["schemas"]["Instant"] | null;
            lastSuccessAt: components["schemas"]["Instant"] | null;
            confirmedAt: components["schemas"]["Instant"] | null;
            nextAttemptAt: components["schemas"]["Instant"] | null;
            error: components["schemas"]["FaultMeaning"] | null;
            queued: components["schemas"]["QueuedAtPlatform"];
            /** @description Bookings that were accepted on its behalf; of these the soonest are told. */
            waiting: {
                count: number;
                bookings: {
                    /** Format: uuid */
                    appointment: string;
                    schedule: string;
                    start: components["schemas"]["Instant"];
                    end: components["schemas"]["Instant"];
                    since: components["schemas"]["Instant"];
                }[];
            };
            schedules: {
                id: string;
                practitioner: string;
                location: string;
                /**
                 * @description Whether bookings are accepted on its behalf meanwhile.
                 * @enum {string}
                 */
                failover: "refuse" | "accept";
                /** @description Connections where its time can still be booked; none = nowhere. */
                stillAt: string[];
            }[];
        };
        /** @description What is to be done there as soon as it answers. */
        QueuedAtPlatform: {
            close: number;
            open: number;
            book: number;
            cancel: number;
            change: number;
            /** @description Begun, and its answer lost: it is looked at first. */
            verify: number;
            total: number;
            oldestSince: components["schemas"]["Instant"] | null;
        };
        ContingencySheet: {
            at: components["schemas"]["Instant"];
            /** @description The database does not answer: all of it is as of asOf. */
            stale: boolean;
            asOf: components["schemas"]["Instant"];
            organization: {
                id: string;
                name: string;
            };
            /** @description False = who asks may not know who comes. */
            namesPatients: boolean;
            /** @description How fresh the part of each platform was as of asOf. */
            sources: {
                connection: string;
                title: components["schemas"]["Bilingual"];
                confirmedAt: components["schemas"]["Instant"] | null;
                stale: boolean;
            }[];
            locations: {
                id: string;
                name: string;
                phone: string | null;
                /**
                 * @description Of the place, by its name in the IANA database.
                 * @example America/Toronto
                 */
                timeZone: string;
                schedules: {
                    id: string;
                    practitioner: string;
                    service: components["schemas"]["Bilingual"];
                    capacity: number;
                    /** @description Today, then tomorrow, where it is. */
                    days: {
                        /**
                         * Format: date
                         * @description A local day.
                         * @example 2026-11-24
                         */
                        date: string;
                        entries: (components["schemas"]["SheetVisit"] | components["schemas"]["SheetFree"])[];
                    }[];
                }[];
            }[];
        };
        SheetVisit: {
            /** @constant */
            kind: "visit";
            /** Format: uuid */
            appointment: string;
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /**
             * @description pending: accepted here, and its platform has not confirmed it yet. held: kept for somebody who has not booked.
             * @enum {string}
             */
            state: "booked" | "pending" | "held";
            /** @description The same time was sold to somebody else too. */
            conflict: boolean;
            heldUntil: components["schemas"]["Instant"] | null;
            /** @description Where it was made; null = here. */
            platform: components["schemas"]["Bilingual"] | null;
            /** @description By which that platform knows it. */
            confirmation: string | null;
            /** @description Null = only its platform knows who comes, or namesPatients is false. */
            patient: {
                /** @description Of a Patient that is kept. */
                id: string | null;
                family: string;
                given: string;
                phone: string | null;
                nam: string | null;
            } | null;
            comment: string | null;
            reasons: ("urgent" | "semi-urgent" | "pregnancy-follow-up" | "paediatric-follow-up" | "regular-follow-up")[];
        };
        /** @description No two of one schedule overlap. */
        SheetFree: {
            /** @constant */
            kind: "free";
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            /** @description For so many patients. */
            places: number;
            platforms: components["schemas"]["Bilingual"][];
            /** @description None of the platforms has confirmed it lately. */
            stale: boolean;
            /** @description It is not on offer before; null = it is. */
            bookableFrom: components["schemas"]["Instant"] | null;
        };
        Rosters: {
            at: components["schemas"]["Instant"];
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            total: {
                shiftMinutes: number;
                coveredMinutes: number;
            };
            rosters: components["schemas"]["Roster"][];
            /** @description False = there are more than one answer tells. */
            complete: boolean;
        };
        Roster: {
            schedule: string;
            /** @description All whose time the roster tells. */
            schedules: string[];
            practitioner: string;
            location: string;
            /**
             * @description Of the place, by its name in the IANA database.
             * @example America/Toronto
             */
            timeZone: string;
            connections: string[];
            published: {
                start: components["schemas"]["Instant"];
                end: components["schemas"]["Instant"];
            } | null;
            /** @description Null = the roster does not say. */
            publishedAt: components["schemas"]["Instant"] | null;
            shifts: number;
            shiftMinutes: number;
            /** @description Of these, on offer or booked. */
            coveredMinutes: number;
            days: {
                /**
                 * Format: date
                 * @description A local day.
                 * @example 2026-11-24
                 */
                day: string;
                shiftMinutes: number;
                coveredMinutes: number;
            }[];
            /** @description Shift time with neither slot nor booking. */
            gaps: {
                count: number;
                items: {
                    start: components["schemas"]["Instant"];
                    end: components["schemas"]["Instant"];
                }[];
            };
            /** @description Slots that are free where no shift is. */
            phantoms: {
                count: number;
                items: {
                    /** Format: uuid */
                    slot: string;
                    /** @enum {string} */
                    cause: "withdrawn" | "outside";
                    start: components["schemas"]["Instant"];
                    end: components["schemas"]["Instant"];
                }[];
            };
            /** @description Bookings where no shift is. */
            bookedOutside: {
                count: number;
                items: {
                    /** Format: uuid */
                    appointment: string;
                    /** @enum {string} */
                    cause: "withdrawn" | "outside";
                    start: components["schemas"]["Instant"];
                    end: components["schemas"]["Instant"];
                }[];
            };
        };
        Session: {
            person: {
                /** Format: uuid */
                id: string;
                name: string;
                login: string | null;
            };
            /** @description Whose data it is about; null = that of all organizations. */
            organization: string | null;
            /**
             * @description SMART scopes and ours (docs/access.md).
             * @example [
             *       "system/Slot.rs"
             *     ]
             */
            scopes: string[];
            /**
             * @description What is still to be done before /api and /fhir are answered; full = nothing.
             * @enum {string}
             */
            standing: "full" | "second-factor" | "enrol";
            /** @description For X-CSRF-Token, of whatever changes something. */
            csrfToken: string;
            expiresAt: components["schemas"]["Instant"];
        };
        TokenMade: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
            /**
             * @description SMART scopes and ours (docs/access.md).
             * @example [
             *       "system/Slot.rs"
             *     ]
             */
            scopes: string[];
            /** @description Whose data it is about; null = that of all organizations. */
            organization: string | null;
            createdAt: components["schemas"]["Instant"];
            /** @description A name that who made it is known by. */
            createdBy: string;
            expiresAt: components["schemas"]["Instant"];
            revokedAt: components["schemas"]["Instant"] | null;
            usedAt: components["schemas"]["Instant"] | null;
            /** @description The token itself, told this once. */
            token: string;
        };
        Tokens: {
            tokens: components["schemas"]["Token"][];
        };
        Token: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            status: "active" | "expired" | "revoked";
            /**
             * @description SMART scopes and ours (docs/access.md).
             * @example [
             *       "system/Slot.rs"
             *     ]
             */
            scopes: string[];
            /** @description Whose data it is about; null = that of all organizations. */
            organization: string | null;
            createdAt: components["schemas"]["Instant"];
            /** @description A name that who made it is known by. */
            createdBy: string;
            expiresAt: components["schemas"]["Instant"];
            revokedAt: components["schemas"]["Instant"] | null;
            usedAt: components["schemas"]["Instant"] | null;
        };
        PersonInvited: {
            /** Format: uuid */
            id: string;
            /** @description Null of who comes by an identity provider. */
            login: string | null;
            name: string;
            /** @enum {string} */
            status: "active" | "invited" | "disabled";
            /**
             * @description SMART scopes and ours (docs/access.md).
             * @example [
             *       "system/Slot.rs"
             *     ]
             */
            scopes: string[];
            /** @description Whose data it is about; null = that of all organizations. */
            organization: string | null;
            secondFactor: boolean;
            createdAt: components["schemas"]["Instant"];
            /** @description A name that who made it is known by. */
            createdBy: string;
            signedInAt: components["schemas"]["Instant"] | null;
            /** @description A link that serves once, to choose a password by. This answer alone has it. */
            invitation: {
                path: string;
                url: string;
                expiresAt: components["schemas"]["Instant"];
            };
        };
        People: {
            people: components["schemas"]["Person"][];
        };
        Person: {
            /** Format: uuid */
            id: string;
            /** @description Null of who comes by an identity provider. */
            login: string | null;
            name: string;
            /** @enum {string} */
            status: "active" | "invited" | "disabled";
            /**
             * @description SMART scopes and ours (docs/access.md).
             * @example [
             *       "system/Slot.rs"
             *     ]
             */
            scopes: string[];
            /** @description Whose data it is about; null = that of all organizations. */
            organization: string | null;
            secondFactor: boolean;
            createdAt: components["schemas"]["Instant"];
            /** @description A name that who made it is known by. */
            createdBy: string;
            signedInAt: components["schemas"]["Instant"] | null;
        };
        Erased: {
            patients: string[];
            /** @description That were theirs, and name nobody any more. */
            appointments: number;
            /** @description Of these, those that a platform is still to be told of. */
            waiting: number;
            /** @description Records that could not be read, and had the number in them. */
            rejected: number;
        };
        Verification: {
            /** @description That hold. */
            records: number;
            from: components["schemas"]["Instant"] | null;
            to: components["schemas"]["Instant"] | null;
            /** @description The last that holds. */
            last: {
                sequence: number;
                hash: string;
            } | null;
            /** @description The first that is wrong. */
            fault: ({
                /** @enum {string} */
                kind: "missing" | "altered" | "inserted" | "unlinked" | "unknown-key" | "cut" | "rewritten";
                sequence: number;
            } | {
                /** @constant */
                kind: "reordered";
                sequence: number;
                writtenAs: number;
            }) | null;
        };
        Incidents: {
            incidents: components["schemas"]["Incident"][];
        };
        Incident: {
            /** Format: uuid */
            id: string;
            version: number;
            writtenAt: components["schemas"]["Instant"];
            writtenBy: string;
            information: string | null;
            circumstances: string | null;
            occurred: string | null;
            awareOn: string | null;
            persons: string | null;
            risk: string | null;
            noticeToMinister: string | null;
            noticeToCommission: string | null;
            noticeToPersons: string | null;
            measures: string | null;
            /** @description What is still to be said by the person responsible. */
            toFill: ("information" | "circumstances" | "occurred" | "awareOn" | "persons" | "risk" | "noticeToMinister" | "noticeToCommission" | "noticeToPersons" | "measures")[];
            /** @description What the audit log told when it was written down. */
            facts: {
                agent: string;
                name: string | null;
                from: components["schemas"]["Instant"];
                before: components["schemas"]["Instant"];
                records: number;
                firstAt: components["schemas"]["Instant"] | null;
                lastAt: components["schemas"]["Instant"] | null;
                firstRecord?: number;
                lastRecord?: number;
                byType: {
                    [key: string]: number;
                };
                addresses: string[];
                patients: string[];
                appointments: string[];
                persons: number;
            } | null;
        };
        ConfigurationChecked: {
            /** @description What would be wrong; none = it would be written */
            problems: {
                /** @description In the file, as connections[0].settings.baseUrl; empty = the file as a whole */
                path: string;
                /** @description In what the edit is about, as settings.baseUrl; empty = of it as a whole; null = elsewhere in the file */
                field: string | null;
                /** @description In the file as it would be written, from 1 */
                line: number;
                column: number;
                message: {
                    en: string;
                    fr?: string;
                };
            }[];
        };
        ConfigurationChanged: {
            /** @description Of the file as it is now; GET says when it is the one that is running */
            revision: string;
        };
        Configuration: {
            /** @description Of the file as it is; also the ETag */
            revision: string;
            /** @description Of the file that this process runs by */
            running: string;
            /** @description false = nothing has been configured so far; the first change makes the file */
            exists: boolean;
            writable: {
                isWritable: boolean;
                /** @description Why it cannot be changed from here */
                reason: components["schemas"]["Bilingual"] | null;
            };
            /** @description adapters, organization or organizations, locations, services, practitioners, schedules, connections, as they stand in the file. Of a secret only where it is: { env }, { file }, or { hidden } where it stands in the file. null = the file is no YAML */
            document: {
                [key: string]: unknown;
            } | null;
            /** @description Of the file as it is: while it has any, the former one goes on running */
            problems: {
                /** @description In the file, as connections[0].settings.baseUrl; empty = the file as a whole */
                path: string;
                /** @description In what the edit is about, as settings.baseUrl; empty = of it as a whole; null = elsewhere in the file */
                field: string | null;
                /** @description In the file as it would be written, from 1 */
                line: number;
                column: number;
                message: {
                    en: string;
                    fr?: string;
                };
            }[];
            /** @description The revision that was right and could not be started, and why; the former one runs again */
            failed: {
                /** @description SHA-256 of the file, in hex */
                revision: string;
                reason: string;
            } | null;
            /** @description Connections that can be added as they are, but for their calendars: those of the demonstration */
            offered: {
                connection: {
                    [key: string]: unknown;
                };
                /** @description The ids that its calendars have there */
                calendars: string[];
            }[];
        };
        ConfigurationSchema: {
            [key: string]: unknown;
        };
        ConnectionTried: {
            /** @description What is wrong with the connection itself, as of /check. With any, nobody is called */
            problems: {
                /** @description In the file, as connections[0].settings.baseUrl; empty = the file as a whole */
                path: string;
                /** @description In what the edit is about, as settings.baseUrl; empty = of it as a whole; null = elsewhere in the file */
                field: string | null;
                /** @description In the file as it would be written, from 1 */
                line: number;
                column: number;
                message: {
                    en: string;
                    fr?: string;
                };
            }[];
            /** @description Null = nobody was called */
            reached: {
                /** @description Address and credentials work */
                isReached: boolean;
                /** @description Until it answered, or until it was given up */
                milliseconds: number;
                /** @description Null = none */
                fault: ("throttled" | "unavailable" | "unauthorized" | "forbidden" | "malformed" | "unsure" | "unexpected") | null;
                /** @description What was found, and what to do */
                says: components["schemas"]["Bilingual"];
            } | null;
            calendars: {
                /** @description Whether this platform can say which calendars it has */
                canList: boolean;
                /** @description False = there are more than one answer tells. */
                complete: boolean;
                found: components["schemas"]["FoundCalendar"][];
            };
        };
        FoundCalendar: {
            /** @description The platform’s own, as it is written under calendars */
            id: string;
            /** @description As the platform calls it */
            name: string | null;
            /** @description Whose it is, as the platform writes it */
            practitionerName: string | null;
            /** @description Of whoever’s it is */
            identifiers: {
                system: string;
                value: string;
            }[];
            /** @description Where, as the platform writes it */
            location: string | null;
            /** @description The schedule that this connection links it to, as sent or else as it stands in the file */
            linked: string | null;
            /** @description Null = nobody is alike, or several are */
            suggestion: {
                /** @description Null = the practitioner has none so far, or several of which none is more likely */
                schedule: string | null;
                practitioner: string;
                /**
                 * @description identifier = the same licence number. name = the same name, but for accents, case, order and titles. similar = initials, part of a compound name, or a letter that differs: for a person to look at
                 * @enum {string}
                 */
                because: "identifier" | "name" | "similar";
            } | null;
        };
        PolicyList: {
            schedules: components["schemas"]["RuledSchedule"][];
        };
        RuledSchedule: {
            id: string;
            /** @description As people call them. */
            practitioner: string;
            location: string;
            service: components["schemas"]["Bilingual"];
            /**
             * @description Of the place, by its name in the IANA database.
             * @example America/Toronto
             */
            timeZone: string;
            calendars: {
                connection: string;
                title: components["schemas"]["Bilingual"];
                /** @enum {string} */
                topology: "block" | "publish";
            }[];
            policy: components["schemas"]["Policy"];
        };
        PolicyPreview: {
            schedule: string;
            /**
             * @description Of the place, by its name in the IANA database.
             * @example America/Toronto
             */
            timeZone: string;
            /** @description What is wrong with the policy, `field` within it; where there is any, nothing is previewed. */
            problems: {
                /** @description In the file, as connections[0].settings.baseUrl; empty = the file as a whole */
                path: string;
                /** @description In what the edit is about, as settings.baseUrl; empty = of it as a whole; null = elsewhere in the file */
                field: string | null;
                /** @description In the file as it would be written, from 1 */
                line: number;
                column: number;
                message: {
                    en: string;
                    fr?: string;
                };
            }[];
            preview: {
                from: components["schemas"]["Instant"];
                before: components["schemas"]["Instant"];
                /** @description Nothing is known of before that; null = of all these days it is. */
                since: components["schemas"]["Instant"] | null;
                /** @description Under the policy as it is. */
                current: components["schemas"]["PolicyForecast"];
                candidate: components["schemas"]["PolicyForecast"];
                /** @description All that is not as it was under either; the earliest first. */
                cases: components["schemas"]["PreviewCase"][];
                casesTotal: number;
                /** @description False = there are more than one answer tells. */
                complete: boolean;
                /** @description What cannot be known, in words. */
                unknowns: components["schemas"]["Bilingual"][];
            } | null;
        };
        PolicyForecast: {
            bookings: {
                made: number;
                /** @description That could not have been made where they were. */
                refused: number;
                reasons: {
                    share: number;
                    across: number;
                    release: number;
                    outage: number;
                };
            };
            cancellations: {
                made: number;
                refused: number;
            };
            moves: {
                made: number;
                refused: number;
            };
            conflicts: {
                arose: number;
                prevented: number;
                settled: number;
                asked: number;
            };
            /** @description On behalf of a platform that was down, in these days, whenever the visit is. */
            accepted: {
                made: number;
                refused: number;
                unknown: number;
            };
            outages: {
                connection: string;
                /** @enum {string} */
                kind: "down" | "paused";
                start: components["schemas"]["Instant"];
                end: components["schemas"]["Instant"];
                /** @description Of it, in which a booking for a later day is accepted on its behalf. */
                minutesAccepting: number;
            }[];
            holds: {
                made: number;
                shorter: number;
                longer: number;
                /** @description For which they kept time closed. */
                minutes: number;
            };
            platforms: {
                connection: string;
                title: components["schemas"]["Bilingual"];
                /** @description False = the rule deals no time to it. */
                takesPart: boolean;
                bookings: number;
                refused: number;
                /** @description Of its slots, or of those in its share; before all is pooled. */
                minutesOffered: number;
                minutesSold: number;
                minutesSoldElsewhere: number;
            }[];
        };
        PreviewCase: {
            /**
             * @description accepted: on behalf of a platform that was down, for a later week.
             * @enum {string}
             */
            kind: "booking" | "cancellation" | "move" | "accepted" | "conflict" | "hold";
            /** @description When it happened. */
            at: components["schemas"]["Instant"];
            start: components["schemas"]["Instant"];
            end: components["schemas"]["Instant"];
            connection: string | null;
            /**
             * @description Booked through Passerelle, on the platform itself, or by the clinic.
             * @enum {string}
             */
            how: "passerelle" | "platform" | "clinic";
            current: components["schemas"]["PreviewVerdict"];
            candidate: components["schemas"]["PreviewVerdict"];
        };
        PreviewVerdict: {
            /**
             * @description possible: as it was. Of a conflict: prevented, settled by the policy, or asked of a person. Of a hold: shorter or longer.
             * @enum {string}
             */
            outcome: "possible" | "refused" | "unknown" | "prevented" | "settled" | "asked" | "shorter" | "longer";
            reason: components["schemas"]["Bilingual"] | null;
        };
        Keys: {
            keys: {
                id: number;
                /** @enum {string} */
                kind: "data" | "hash" | "legacy";
                /** @description A check value of the key that wrapped it. */
                wrappedBy: string;
                /** @enum {string} */
                state: "next" | "current" | "former";
                /** @description Values in the database that name it. */
                values: number;
                createdAt: components["schemas"]["Instant"];
                activeAt: components["schemas"]["Instant"];
            }[];
        };
        RotationLine: {
            /** @constant */
            type: "progress";
            sealed: number;
            hashed: number;
            /** @description What could not be opened, and stays as it is. */
            left: number;
        } | {
            /** @constant */
            type: "result";
            /** @constant */
            outcome: "done";
            sealed: number;
            hashed: number;
            /** @description What could not be opened, and stays as it is. */
            left: number;
        } | components["schemas"]["Failed"];
        /** @description What was wrong, where, and what to do (FHIR R4, OperationOutcome), by Accept-Language in French or English. */
        OperationOutcome: {
            /** @constant */
            resourceType: "OperationOutcome";
            issue: {
                /** @enum {unknown} */
                severity: "fatal" | "error" | "warning" | "information";
                /** @description An IssueType of FHIR. */
                code: string;
                details?: {
                    coding?: {
                        system?: string;
                        code?: string;
                    }[];
                    text?: string;
                };
                diagnostics?: string;
                expression?: string[];
            }[];
        };
    };
    responses: {
        /** @description Refused. 400: it cannot be read; 401: who asks is not known; 403: it is not theirs to ask; 404: there is none; 409: it has changed meanwhile, or the time is taken; 413, 415, 422: the body is not taken; 429: too many requests, see Retry-After; 500, 503: the server failed, or a platform does not answer. */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/fhir+json": components["schemas"]["OperationOutcome"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    describeApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The routes of this version; it says nothing of the clinic. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    isAlive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text exposition format 0.0.4. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    isReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them can. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Not all of them, and why. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    confirmConnection: {
        parameters: {
            query?: {
                /** @description One of them: * or the id of a calendar; left out = all. */
                feed?: string;
            };
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feeds that were suspect. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        confirmed: string[];
                    };
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listRejected: {
        parameters: {
            query?: {
                /** @description true = with their raw forms, which may name patients: this is recorded in the audit log. */
                raw?: string;
            };
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectedRecords"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each connection that is configured. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Status"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    synchronizeConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A line for each step, then one with the result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["SyncLine"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listConnectionListings: {
        parameters: {
            query?: {
                /** @description differing unless it says otherwise. */
                state?: "differing";
            };
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 200 at the most. No patient is in it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionListings"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    pauseConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is paused, since then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PausedConnection"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readConnectionHistory: {
        parameters: {
            query?: {
                /** @description 24 unless it says otherwise; 168 at the most. */
                hours?: number;
            };
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first; there is no point of time in which nobody worked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionHistory"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    resumeConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not paused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PausedConnection"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listAdapters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By their ids. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adapters"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readAdapter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an adapter, as GET /api/adapters has it. */
                platform: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is known of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Adapter"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    closeTime: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseTime"];
            };
        };
        responses: {
            /** @description As it stands; platforms follow. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeClosed"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    openTime: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the period. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now, also where it was opened before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeriodAnswer"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    placeAppointment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceAppointment"];
            };
        };
        responses: {
            /** @description As it stands; platforms follow. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeriodAnswer"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readAgenda: {
        parameters: {
            query: {
                /** @description With its offset. */
                from: string;
                /** @description With its offset, 35 days after from at the most. */
                before: string;
                /** @description Ids of schedules; left out = all. */
                schedule?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it, or a refusal where that is too much for one answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Agenda"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    replaceAppointment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the appointment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplaceAppointment"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeriodAnswer"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listConflicts: {
        parameters: {
            query?: {
                /** @description open unless it says otherwise. */
                state?: "open" | "resolved" | "gone" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 500 at the most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conflicts"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readConflict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the conflict. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Proposals are empty where it is not open. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConflictWithProposals"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    resolveConflict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the conflict. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resolve"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conflict"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description open unless it says otherwise. */
                state?: "open" | "overdue" | "ended" | "all";
                /** @description Of this connection only. */
                connection?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 500 at the most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tasks"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    takeList: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a connection, as GET /api/status has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["List"];
            };
        };
        responses: {
            /** @description What became of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListTaken"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    doneTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    undoTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    takenTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readOutage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All connections of the organization. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutageReport"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readContingency: {
        parameters: {
            query?: {
                /** @description The id of an organization; may be left out where who asks sees one only. */
                organization?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest that can be had. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContingencySheet"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readContingencyCsv: {
        parameters: {
            query?: {
                /** @description The id of an organization; may be left out where who asks sees one only. */
                organization?: string;
                /** @description Left out = as Accept-Language says. */
                lang?: "fr" | "en";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description UTF-8 with a mark; where it is stale the first line says so. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readContingencyPdf: {
        parameters: {
            query?: {
                /** @description The id of an organization; may be left out where who asks sees one only. */
                organization?: string;
                /** @description Left out = as Accept-Language says. */
                lang?: "fr" | "en";
                /** @description letter unless it says otherwise. */
                paper?: "letter" | "a4";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tagged; where it is stale each page says so. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readRoster: {
        parameters: {
            query?: {
                /** @description From now on, so many. */
                days?: number;
                /** @description The id of one schedule; left out = all. */
                schedule?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description 500 at the most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rosters"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    streamEvents: {
        parameters: {
            query: {
                /** @description FHIR searches, such as Slot?schedule=x. */
                criteria: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events (WHATWG HTML, section 9.2); docs/fhir.md has their names. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session of the cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description The answer alone has the token itself. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenMade"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or name of the token. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listPeople: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["People"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    addPerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            /** @description With the link to hand over. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonInvited"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or user name of the person. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With the link to hand over. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonInvited"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    disablePerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or user name of the person. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    enablePerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or user name of the person. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    signOutPerson: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or user name of the person. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    resetSecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id or user name of the person. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Person"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    erasePerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhoseData"];
            };
        };
        responses: {
            /** @description What was erased. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erased"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    exportPerson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhoseData"];
            };
        };
        responses: {
            /** @description A FHIR R4 Bundle. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+json": {
                        /** @constant */
                        resourceType: "Bundle";
                        /** @constant */
                        type: "collection";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    exportAudit: {
        parameters: {
            query?: {
                /** @description With its offset; left out = from the first. */
                from?: string;
                /** @description With its offset; left out = to the last. */
                before?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An AuditEvent a line; the schema is of one line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/fhir+ndjson": {
                        /** @constant */
                        resourceType: "AuditEvent";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    verifyAudit: {
        parameters: {
            query?: {
                /** @description Ends of the chain that were noted before, as <sequence>:<hash>. */
                anchor?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Spaces in front say that it goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listIncidents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incidents"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    recordIncident: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IncidentReport"];
            };
        };
        responses: {
            /** @description As it is now. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    checkConfigurationEdit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfigurationEdit"];
            };
        };
        responses: {
            /** @description All that would be wrong. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChecked"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    putConfiguredOrganization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readConfiguration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Without secrets. Its ETag is the revision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Configuration"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    readConfigurationSchema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Secrets are writeOnly. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationSchema"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    tryConfiguredConnection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionTrial"];
            };
        };
        responses: {
            /** @description What was found; that the platform cannot be reached is an answer too. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionTried"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    putConfiguredLocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    removeConfiguredLocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    putConfiguredService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    removeConfiguredService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    putConfiguredPractitioner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    removeConfiguredPractitioner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    putConfiguredSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    removeConfiguredSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    putConfiguredConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    removeConfiguredConnection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, as it stands in the file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is written. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationChanged"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listPolicies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they run now; what the file says meanwhile is in GET /api/configuration. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyList"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    previewPolicy: {
        parameters: {
            query?: {
                /** @description last unless it says otherwise. */
                week?: "last" | "next";
            };
            header?: never;
            path: {
                /** @description Id of a schedule, as GET /api/policies has it. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Policy"];
            };
        };
        responses: {
            /** @description Both, side by side; or what is wrong with the policy. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyPreview"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    rotateKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A line for each step, then one with the result. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["RotationLine"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    takeBackup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As long as Content-Length says. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    takeDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection. */
                connection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken; what it means is read later. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "accepted";
                    };
                };
            };
            default: components["responses"]["Refused"];
        };
    };
}
