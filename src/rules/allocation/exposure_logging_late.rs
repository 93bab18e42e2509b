//! Exposures that are recorded too late.

use crate::language::ExposurePoint;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where `traffic.exposure.point` says where exposures are recorded, it is on the server, at assignment or with the response.
    ///
    /// ## Why
    ///
    /// What the browser records is lost to blockers, closed tabs and crashes, and a slow arm loses more of it. That is the most frequent
    /// cause of a sample ratio mismatch, and the units that are left are not those that were drawn.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [traffic]
    /// exposure = { source = "exposures", logged = "browser, when the button is drawn", point = "client-render" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [traffic]
    /// exposure = { source = "exposures", logged = "server, at assignment", point = "server-assignment" }
    /// ```
    ///
    /// ## Source
    ///
    /// Fabijan et al. 2019, "Diagnosing sample ratio mismatch in online controlled experiments", KDD
    RULE = "exposure-logging-late" {
        group: Allocation, level: Warning, from: Review,
        summary: "exposures that the client records after the change was drawn",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let exposure = context
        .experiment
        .spec
        .traffic
        .as_ref()
        .and_then(|t| t.exposure.as_ref());
    let Some(point) = exposure.and_then(|exposure| exposure.point) else {
        return;
    };
    let what = match point {
        ExposurePoint::ServerAssignment | ExposurePoint::ServerResponse => return,
        ExposurePoint::ClientRender => "exposures are recorded by the client, once the change is drawn",
        ExposurePoint::ClientAction => "exposures are recorded by the client, once a user acts on the change",
    };
    findings.push(
        findings
            .at(context.place("traffic.exposure.point"), what)
            .with_label("units are lost before they count, and not equally in both arms")
            .with_help(
                "record the exposure on the server: `point = \"server-assignment\"`, or `\"server-response\"` where not all \
                 that are assigned meet the change",
            ),
    );
}
