//! Rays that meet the triangles of items.
//!
//! Owns: the methods, and reading the triangles on the way. Does not own where a ray meets one.
//! Invariants: a triangle that cannot be read makes the answer an error.

use crate::error::{Error, ErrorKind, Result};
use crate::packed::index::Index;
use crate::packed::query::ray::{Hit, Ray, Refined};
use crate::packed::query::workspace::Workspace;

impl<const D: usize> Index<D> {
    fn closest_triangle(
        &self,
        ray: &Ray<D>,
        meets: impl Fn([[f64; D]; 3]) -> Option<f64>,
        workspace: &mut Workspace,
    ) -> Result<Option<Hit>> {
        if !self.has_triangles() {
            let message = "the payloads are no triangles";
            return Err(Error::new(ErrorKind::Unsupported, "packed raycast", message));
        }
        let mut failed = None;
        let exact = |id: u32| match self.triangle(id) {
            Ok(triangle) => triangle.and_then(|triangle| meets(triangle.corners)),
            Err(error) => {
                failed.get_or_insert(error);
                None
            }
        };
        let found = self.closest_by(Refined::new(*ray, exact), ray.max_t(), workspace);
        failed.map_or(found, Err)
    }
}

impl Index<2> {
    /// The item whose triangle a ray meets first, as [`Ray::meets_triangle`] has it; of several the
    /// one with the smallest id. Its payloads must be declared as records of triangles.
    pub fn raycast_triangles(&self, ray: &Ray<2>) -> Result<Option<Hit>> {
        self.raycast_triangles_with(ray, &mut Workspace::new())
    }

    /// As [`raycast_triangles`](Self::raycast_triangles), with a workspace that is used again.
    pub fn raycast_triangles_with(
        &self,
        ray: &Ray<2>,
        workspace: &mut Workspace,
    ) -> Result<Option<Hit>> {
        self.closest_triangle(ray, |corners| ray.meets_triangle(corners), workspace)
    }
}

impl Index<3> {
    /// The item whose triangle a ray meets first, as [`Ray::meets_triangle`] has it; of several the
    /// one with the smallest id. Its payloads must be declared as records of triangles.
    pub fn raycast_triangles(&self, ray: &Ray<3>) -> Result<Option<Hit>> {
        self.raycast_triangles_with(ray, &mut Workspace::new())
    }

    /// As [`raycast_triangles`](Self::raycast_triangles), with a workspace that is used again.
    pub fn raycast_triangles_with(
        &self,
        ray: &Ray<3>,
        workspace: &mut Workspace,
    ) -> Result<Option<Hit>> {
        self.closest_triangle(ray, |corners| ray.meets_triangle(corners), workspace)
    }
}
